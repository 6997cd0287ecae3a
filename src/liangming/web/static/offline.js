/* The desk without a line. What was entered stays in this page's memory until it is confirmed, is then
   sealed to the installation's public key (HPKE, RFC 9180, base mode) and goes sealed into the queue. */
"use strict";
(() => {
  const desk = document.getElementById("offline"), stage = document.getElementById("stage");
  const words = (text) => new TextEncoder().encode(text);
  const joined = (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { whole.set(part, at); at += part.length; }
    return whole;
  };
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (raw) => btoa(String.fromCharCode(...raw)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const none = new Uint8Array(0), VERSION = words("HPKE-v1");
  const KEM = joined(words("KEM"), [0, 16]), SUITE = joined(words("HPKE"), [0, 16, 0, 1, 0, 2]);

  async function mac(key, data) {
    const raw = key.length ? key : new Uint8Array(32);
    const held = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", held, data));
  }
  const extract = (suite, salt, label, given) => mac(salt, joined(VERSION, suite, words(label), given));
  const expand = async (suite, key, label, info, length) =>
    (await mac(key, joined([0, length], VERSION, suite, words(label), info, [1]))).slice(0, length);

  async function seal(point, info, clear) {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const theirs = await crypto.subtle.importKey("raw", point, curve, false, []);
    const ours = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
    const sent = new Uint8Array(await crypto.subtle.exportKey("raw", ours.publicKey));
    const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256));
    const secret = await expand(KEM, await extract(KEM, none, "eae_prk", shared), "shared_secret", joined(sent, point), 32);
    const context = joined([0], await extract(SUITE, none, "psk_id_hash", none), await extract(SUITE, none, "info_hash", info));
    const schedule = await extract(SUITE, secret, "secret", none);
    const raw = await expand(SUITE, schedule, "key", context, 32), iv = await expand(SUITE, schedule, "base_nonce", context, 12);
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
    return joined(sent, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, clear)));
  }

  const step = (name) => {
    stage.replaceChildren(document.getElementById(name).content.cloneNode(true));
    const first = stage.querySelector("[data-focus]");
    if (first) first.focus();
  };
  const on = (what, act) => stage.querySelector(what).addEventListener("click", act);

  function ask() {
    if (Date.now() > Number(desk.dataset.until)) return step("over");
    step("ask");
    const field = stage.querySelector("#scan"), ways = [...stage.querySelectorAll("[data-way]")];
    let way = ways[0];
    const choose = (chosen) => {
      way = chosen;
      for (const one of ways) one.setAttribute("aria-pressed", String(one === way));
      stage.querySelector("label[for=scan]").textContent = way.dataset.asks;
      field.focus();
    };
    for (const one of ways) one.addEventListener("click", () => choose(one));
    choose(way);
    stage.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      const given = field.value.trim(), value = (name) => stage.querySelector(`#${name}`).value.trim();
      if (!given) return;
      if (/^[1-9]$/.test(given)) {
        field.value = "";
        if (ways[given - 1]) choose(ways[given - 1]);
        return;
      }
      const plain = given.replace(/\s/g, "").toUpperCase();
      // A resident card whose check digit is wrong would only come back later: say it while the person is here.
      if (/^\d{17}[\dX]$/.test(plain) && !value("document") && "10X98765432"[[...plain.slice(0, 17)].reduce((sum, digit, place) => sum + Number(digit) * (2 ** (17 - place) % 11), 0) % 11] !== plain[17]) {
        field.value = "";
        stage.querySelector("[data-slip]").hidden = false;
        field.focus();
        return;
      }
      compare({ way: way.dataset.way, text: given, document: value("document"), expires: value("expires"), subject: value("subject") });
    });
  }

  function compare(entered) {
    step("compare");
    on("[data-agrees=yes]", () => note({ ...entered, agrees: true }));
    on("[data-agrees=no]", () => note({ ...entered, agrees: false }));
    on("[data-key=Escape]", ask);
  }

  async function note(entered) {
    stage.replaceChildren();
    const id = [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
    const number = Number(localStorage.getItem("liangming-desk-number") || 0) + 1, seen = Date.now();
    const { scene, notice, leave } = desk.dataset;
    const raw = words(JSON.stringify({ v: 1, scene, notice, leave, seen, number, ...entered }));
    const clear = joined(raw, new Uint8Array((512 - raw.length % 512) % 512).fill(32));
    try {
      const sealed = await seal(bytes(desk.dataset.public), joined(words("liangming/desk-entry/1\0"), words(id)), clear);
      await deskQueue.put({ id, scene, number, seen, sealed: text(sealed) });
    } catch {
      step("failed");  // a full disk, a browser that keeps nothing: nothing was noted, and that is said
      return on("[data-key=Escape]", ask);
    }
    localStorage.setItem("liangming-desk-number", String(number));
    step(entered.agrees ? "noted" : "mismatch");
    stage.querySelector("[data-number]").textContent = number;
    on("[data-key=Escape]", ask);
    await deskQueue.show();
    deskQueue.round();
  }

  async function line() {
    let back = false;
    try { back = (await fetch("/desk/line", { cache: "no-store" })).status === 204; } catch { /* still down */ }
    document.getElementById("back").hidden = !back;
    document.getElementById("down").hidden = back;
  }

  if (!deskQueue) return;
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});  // not to be cleared for space
  history.replaceState(null, "", `/desk/at/${desk.dataset.scene}`);
  document.getElementById("maybe").hidden = desk.dataset.sent !== "maybe";
  document.getElementById("shut").addEventListener("click", async () => { await deskQueue.forget(); step("closed"); });
  window.addEventListener("online", line);
  setInterval(line, 5000);
  line();
  ask();
})();
