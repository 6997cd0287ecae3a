/* The desk's keys: focus the one field; outside it, digits and letters press the buttons they name. In it a
   digit alone and Enter name a way: whoever types slowly is never taken for finished.
   Everything works without it, by Tab and Enter. */
"use strict";
const field = document.querySelector("[data-focus]");
if (field) field.focus();
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const at = document.activeElement;
  const writing = at && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName);
  if (event.key === "Escape") {
    const next = document.querySelector("[data-key=Escape]");
    if (next) { event.preventDefault(); next.click(); }
    return;
  }
  if (writing) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
// An outcome is heard too: one high note, two low ones, or one in between. Browsers may keep silent.
const told = document.querySelector("[data-sound]");
if (told && window.AudioContext) {
  const notes = { passed: [880], refused: [220, 220], open: [440] }[told.dataset.sound] || [];
  const audio = new AudioContext();
  notes.forEach((pitch, turn) => {
    const note = audio.createOscillator(), volume = audio.createGain(), at = audio.currentTime + turn * 0.25;
    note.frequency.value = pitch;
    volume.gain.value = 0.2;
    note.connect(volume).connect(audio.destination);
    note.start(at);
    note.stop(at + 0.18);
  });
}
