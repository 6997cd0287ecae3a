/* Answers for the desk while the line is down, with the page that the desk kept before.
   It keeps no page of a check and nothing that was entered. */
"use strict";
const KEPT = "liangming-desk";
const PATIENCE = 15000;
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function kept(url, sent) {
  const cache = await caches.open(KEPT);
  const pages = (await cache.keys()).filter((one) => new URL(one.url).pathname.endsWith("/offline"));
  const scene = (/^\/desk\/at\/([^/]+)/.exec(url.pathname) || [])[1];
  const own = pages.find((one) => new URL(one.url).pathname === `/desk/at/${scene}/offline`);
  const page = await cache.match(own || pages[pages.length - 1] || "/nothing", { ignoreVary: true });
  if (!page) return Response.error();
  const text = await page.text();
  const headers = new Headers(page.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  // What was sent when the line broke may have arrived: the page must say so.
  return new Response(sent ? text.replace('data-sent=""', 'data-sent="maybe"') : text, { headers });
}

async function asked(request) {
  let timer;
  const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error("late")), PATIENCE); });
  try {
    const answer = await Promise.race([fetch(request), late]);
    // A gateway that answers for a server which is gone.
    return answer.status === 502 || answer.status === 504 ? await kept(new URL(request.url), request.method !== "GET") : answer;
  } catch {
    return kept(new URL(request.url), request.method !== "GET");
  } finally {
    clearTimeout(timer);
  }
}

self.addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(asked(request));
  else if (url.pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((found) => found || fetch(request)));
  }
});
