/* Keeps the offline checkpoint, and no other page. Before this text stand (views/checkpoint.py)
   KEPT, the addresses of the page and then those of its script and style sheet, and VERSION. */
const NAME = "checkpoint-page " + VERSION;
const isPage = address => address.split("?")[0] == KEPT[0];

// Without cookies, so that nobody's page is kept.
async function keep() {
  const cache = await caches.open(NAME);
  await cache.addAll(KEPT.map(one => new Request(one, { credentials: "omit", cache: "reload" })));
  await self.skipWaiting();
}
async function tidy() {
  const old = (await caches.keys()).filter(one => one.startsWith("checkpoint-page ") && one != NAME);
  await Promise.all(old.map(one => caches.delete(one)));
  await self.clients.claim();
}
// The page comes from the network while that answers within 4 seconds.
async function page(request) {
  const kept = async () => await caches.match(request, { cacheName: NAME }) || caches.match(KEPT[0], { cacheName: NAME });
  const asked = fetch(request).then(got => got.ok ? got : kept(), kept);
  return Promise.race([asked, new Promise(done => setTimeout(done, 4000)).then(kept)]);
}
async function file(request) {
  return await caches.match(request, { cacheName: NAME }) || fetch(request);
}

self.addEventListener("install", event => event.waitUntil(keep()));
self.addEventListener("activate", event => event.waitUntil(tidy()));
self.addEventListener("fetch", event => {
  const { pathname, search } = new URL(event.request.url), address = pathname + search;
  if (event.request.method != "GET" || !(isPage(address) || KEPT.includes(address))) return;
  event.respondWith(isPage(address) ? page(event.request) : file(event.request));
});
