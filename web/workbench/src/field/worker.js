// Lets the field page (现场检查) open without a network. It answers for this page's own address and for the files of the build
// that the page is made of, and for nothing else: no answer of the service is ever kept here. Signing out removes it and what
// it keeps (Clear-Site-Data: "storage"). The page is kept with its headers, so its content security policy and the nonce in
// it stay a pair; it is only shown when there is no network.

const files = __FILES__;
const kept = "field-__VERSION__";
const shell = "/field/";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(kept)
      .then((cache) => cache.addAll([shell, ...files]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== kept).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith(shell)) {
    event.respondWith(fetch(request).catch(() => caches.match(shell)));
  } else if (files.includes(pathname)) {
    event.respondWith(caches.match(pathname).then((found) => found ?? fetch(request)));
  }
});
