/* The desk's keys: focus the one field, and let digits and letters press the buttons they name.
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
  // A key means a button only while nothing has been typed: a scanner types fast and never waits.
  if (writing && (at.value !== "" || !at.hasAttribute("data-quick"))) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  if (writing) {
    // A number may begin with the same digit: wait a moment to see whether more follows.
    setTimeout(() => { if (at.value === event.key) { at.value = ""; button.click(); } }, 350);
    return;
  }
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
