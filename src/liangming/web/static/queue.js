/* The desk's queue: what was noted down without a line waits here, sealed, and is sent when it is back.
   In this browser: sealed entries, their number, time and scene. Nothing about a person can be read. */
"use strict";
const deskQueue = (() => {
  const bar = document.getElementById("queue");
  if (!bar) return null;
  const part = (name) => bar.querySelector(`[data-${name}]`);
  const able = window.isSecureContext && navigator.serviceWorker && navigator.locks && window.indexedDB && window.caches;
  if (!able) {
    if (bar.dataset.shell) { bar.hidden = false; part("unable").hidden = false; }
    return null;
  }
  const KEPT = "liangming-desk", LONG = 3600000;
  let done = 0, pause = 5000, timer = 0, problem = "";

  const base = new Promise((give, fail) => {
    const opening = indexedDB.open("liangming-desk", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("entries", { keyPath: "id" });
    opening.onsuccess = () => give(opening.result);
    opening.onerror = () => fail(opening.error);
  });
  const deed = async (mode, act) => {
    const entries = (await base).transaction("entries", mode, { durability: "strict" });
    const request = act(entries.objectStore("entries"));
    return new Promise((give, fail) => {
      entries.oncomplete = () => give(request.result);
      entries.onerror = entries.onabort = () => fail(entries.error);
    });
  };
  const all = async () => (await deed("readonly", (store) => store.getAll())).sort((a, b) => a.seen - b.seen);
  const put = (entry) => deed("readwrite", (store) => store.put(entry));
  const drop = (id) => deed("readwrite", (store) => store.delete(id));

  function row(entry) {
    const item = document.getElementById("queue-item").content.cloneNode(true);
    const of = (name) => item.querySelector(`[data-${name}]`);
    of("number").textContent = entry.number;
    of("seen").textContent = new Date(entry.seen).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    of("seen").dateTime = new Date(entry.seen).toISOString();
    of("says").textContent = entry.word ? `${entry.word} ${entry.line}` : bar.dataset.waiting;
    if (entry.check) { of("open").href = `/desk/check/${entry.check}`; of("open").hidden = false; }
    if (entry.word) {
      of("done").hidden = false;
      of("done").addEventListener("click", async () => { await drop(entry.id); await show(); });
    }
    return item;
  }

  async function show() {
    const entries = await all(), waiting = entries.filter((entry) => !entry.word);
    bar.hidden = !(entries.length || done);
    part("count").textContent = waiting.length;
    part("hand").hidden = entries.length === waiting.length;
    part("hand-count").textContent = entries.length - waiting.length;
    part("age").hidden = !waiting.length;
    const minutes = waiting.length ? Math.max(0, Math.round((Date.now() - waiting[0].seen) / 60000)) : 0;
    part("minutes").textContent = minutes;
    part("long").hidden = minutes * 60000 < LONG;
    part("sent").hidden = !done;
    part("sent-count").textContent = done;
    part("signin").hidden = problem !== "signin";
    part("send").hidden = !waiting.length;
    part("list").replaceChildren(...entries.map(row));
  }

  async function send(entry) {
    const body = JSON.stringify({ id: entry.id, sealed: entry.sealed, now: Date.now() });
    const answer = await fetch("/desk/later", { method: "POST", body, headers: { "Content-Type": "application/json" }, redirect: "error", cache: "no-store" });
    if (answer.status === 401) { problem = "signin"; return false; }
    if (answer.status >= 500 || answer.status === 409 && (await answer.clone().json()).code === "check.moved-on" || answer.status === 429) return false;
    const told = await answer.json();  // something that is no answer of ours throws: the entry stays
    problem = "";
    if (told.state === "passed") { await drop(entry.id); done += 1; }
    else await put({ ...entry, word: told.word || bar.dataset.hand, line: told.line, check: told.check || "" });
    return true;
  }

  async function round() {
    clearTimeout(timer);
    let left = true;
    await navigator.locks.request("liangming-desk", async () => {
      try {
        for (const entry of (await all()).filter((one) => !one.word)) if (!(await send(entry))) return;
        left = false;
      } catch { /* no line: the entries stay */ }
    });
    pause = left ? Math.min(pause * 2, 60000) : 5000;
    if (left && problem !== "signin") timer = setTimeout(round, pause);
    await show();
  }

  async function keepPage() {
    const wanted = bar.dataset.shell;
    const cache = await caches.open(KEPT), path = wanted.split("?")[0];
    if (await cache.match(wanted, { ignoreVary: true })) return;
    const answer = await fetch(wanted, { cache: "no-store", redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
    const files = [...page.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((one) => one.getAttribute("href") || one.getAttribute("src"));
    await cache.addAll(files);
    for (const old of await cache.keys()) if (new URL(old.url).pathname === path) await cache.delete(old);
    await cache.put(wanted, answer);
    document.documentElement.dataset.kept = "yes";
  }

  async function begin() {
    if (bar.dataset.leave) await caches.delete(KEPT);  // signed out: nothing can be noted down here
    else {
      await navigator.serviceWorker.register("/desk/worker.js", { scope: "/desk/" });
      if (!bar.dataset.shell) return;
      await navigator.serviceWorker.ready;
      await keepPage();
    }
  }

  part("send").firstChild.addEventListener("click", () => { pause = 5000; round(); });
  window.addEventListener("online", () => { pause = 5000; round(); });
  setInterval(show, 30000);
  begin().catch(() => {});
  show().then(round).catch(() => {});
  return { put, show, round, forget: () => caches.delete(KEPT) };
})();
