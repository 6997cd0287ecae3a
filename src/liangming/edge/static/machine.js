// Every page of a machine: keeps larger letters for this visit, and draws keys for figures, because a
// locker has no keyboard. Without it the letters still grow on the page that is touched.
"use strict";
const large = document.querySelector("#large");
large.addEventListener("change", async () => {
  const body = new URLSearchParams({ token: large.dataset.token, large: large.checked ? "1" : "" });
  try {
    const answer = await fetch("/size", { method: "POST", body });
    large.dataset.token = (await answer.json()).token;
  } catch { /* it stays on this page */ }
});
const fields = [...document.querySelectorAll("input[inputmode=numeric]")];
if (fields.length) {
  let field = fields[0];
  for (const one of fields) {
    one.inputMode = "none";
    one.addEventListener("focus", () => { field = one; });
  }
  const pad = document.createElement("div");
  pad.className = "pad";
  for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "⌫"]) {
    const made = document.createElement(key ? "button" : "span");
    if (key) {
      made.type = "button";
      made.textContent = key;
      if (key === "⌫") made.setAttribute("aria-label", "删除 Delete");
      made.addEventListener("click", () => {
        if (key === "⌫") field.value = field.value.slice(0, -1);
        else if (field.value.length < field.maxLength) field.value += key;
      });
    }
    pad.append(made);
  }
  fields[fields.length - 1].after(pad);
}
