// Passkeys: hands the browser what the server prepared, and the form what the browser answers.
(() => {
  "use strict";
  // Signed out: the desk's page without a line (queue.js) goes too. What waits there, sealed, stays.
  if (location.pathname === "/staff/login/" && window.caches) caches.delete("liangming-desk").catch(() => {});
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const ids = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));
  const told = (credential) => {
    const answer = credential.response, response = { clientDataJSON: text(answer.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (answer[part]) response[part] = text(answer[part]);
    }
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
      authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults(),
    });
  };
  const make = async (options) => {
    const key = options.publicKey;
    return navigator.credentials.create({ publicKey: {
      ...key, challenge: bytes(key.challenge), user: { ...key.user, id: bytes(key.user.id) },
      excludeCredentials: ids(key.excludeCredentials),
      authenticatorSelection: { ...key.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" },
    } });
  };
  const show = async (options) => {
    const key = options.publicKey;
    return navigator.credentials.get({ publicKey: { ...key, challenge: bytes(key.challenge), allowCredentials: ids(key.allowCredentials) } });
  };
  for (const form of document.querySelectorAll("form[data-key]")) {
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      const failed = form.querySelector("[data-failed]");
      try {
        let options = form.dataset.options ? JSON.parse(form.dataset.options) : null;
        if (!options) {
          const answer = await fetch(form.dataset.from, { headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" } });
          options = (await answer.json()).request_options;
        }
        const credential = form.dataset.key === "make" ? await make(options) : await show(options);
        form.elements.credential.value = told(credential);
        form.requestSubmit ? form.requestSubmit() : form.submit();
      } catch (error) {
        failed.hidden = false;
        failed.focus();
      }
    });
  }
})();
