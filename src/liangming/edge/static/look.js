// The page while the camera is open: shows the sign, the action asked and the flash, and says what
// it has drawn. Without it the stop button still works: it is a plain form.
"use strict";
const box = document.querySelector(".look");
const asked = document.querySelector(".asked");
const words = JSON.parse(document.querySelector("#words").textContent);
let drawn = 0;
async function round() {
  let state;
  try {
    const answer = await fetch("/face/state?drawn=" + drawn, { cache: "no-store" });
    state = await answer.json();
  } catch { return setTimeout(round, 500); }
  if (state.over) return location.replace("/face/end");
  asked.textContent = words[state.ask] || words.look;
  box.style.backgroundColor = state.colour ? `rgb(${state.colour.join()})` : "";
  requestAnimationFrame(() => requestAnimationFrame(() => { drawn = state.number; round(); }));
}
round();
