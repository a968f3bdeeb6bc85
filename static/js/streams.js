// Opens the streams of running replies and the feed of what has changed, and keeps a browser from running out of connections.
//
// HTTP/1.1 gives a browser six connections to a host, for all of its tabs. So a hidden tab gives its stream up and
// catches up when shown, and at most three tabs hold one at a time, beside the one feed: a tab that is shown takes a slot over from another,
// which then waits in line. Slots are Web Locks; where a browser has none (plain http beyond localhost) every tab
// just connects.

const SLOTS = 3;
const RETRY_MS = 2000;
// The server says something every 15 s: a line that is silent for longer is dead, even if nobody says so.
const SILENCE_MS = 20_000;

// What is open or about to be: the stream's element → { closed: AbortController, connection: hx-sse's own, heardAt }.
const streams = new Map();

const isStream = (target) => target instanceof Element && target.matches(".stream");

function open(element, { waitForSlot = false } = {}) {
  if (streams.has(element) || document.hidden || "paused" in element.dataset) return;
  const closed = new AbortController();
  streams.set(element, { closed, connection: null, heardAt: Infinity });
  const start = () => {
    // A server that doesn't even answer is as silent as one that stops.
    streams.get(element).heardAt = performance.now();
    htmx.trigger(element, "stream:open");
  };
  takeSlot(closed.signal, waitForSlot, start).catch(() => {
    // The slot went to another tab, unless it was given up here.
    if (!closed.signal.aborted) reopen(element, { waitForSlot: true });
  });
}

// Calls `start`, at once or when it is this tab's turn, and holds a slot until `closed` aborts. Rejects when it is lost.
async function takeSlot(closed, waitForSlot, start) {
  // Who doesn't wait gets a slot in any case, and need not hear of it from the browser first.
  if (!waitForSlot || !navigator.locks) start();
  if (!navigator.locks) return;
  const use = (lock) => {
    if (!lock || closed.aborted) return false;
    if (waitForSlot) start();
    return new Promise((resolve) => closed.addEventListener("abort", () => resolve(true)));
  };
  for (let slot = 0; slot < SLOTS && !closed.aborted; slot++) {
    if (await navigator.locks.request(`stream-${slot}`, { ifAvailable: true }, use)) return;
  }
  if (closed.aborted) return;
  const slot = Math.floor(Math.random() * SLOTS);
  await navigator.locks.request(`stream-${slot}`, waitForSlot ? { signal: closed } : { steal: true }, use);
}

function release(element) {
  const stream = streams.get(element);
  streams.delete(element);
  stream?.closed.abort();
  return stream;
}

// Ends a stream and puts a fresh element in its place: hx-sse never comes back to one that has left the page.
function close(element) {
  const stream = release(element);
  if (!element.isConnected) return null;
  const fresh = element.cloneNode();
  fresh.removeAttribute("data-htmx-powered");
  const seen = stream?.connection?.lastEventId;
  if (seen) fresh.dataset.seen = seen;
  element.replaceWith(fresh);
  stream?.connection?.reader?.cancel();
  stream?.connection?.abortController.abort();
  htmx.process(fresh);
  return fresh;
}

function reopen(element, options) {
  const fresh = close(element);
  if (fresh) open(fresh, options);
}

const openAll = (root = document) => root.querySelectorAll(".stream").forEach((element) => open(element));

document.addEventListener("htmx:after:process", (event) => {
  if (event.target instanceof Element && !isStream(event.target)) openAll(event.target);
});

document.addEventListener("htmx:sse:after:connection", (event) => {
  const stream = streams.get(event.target);
  if (!stream) return;
  stream.connection = event.detail.connection;
  markHeard(event.target);
});

// Until its first words the page calls the reply pending, as it was when it was sent.
document.addEventListener("htmx:sse:after:message", ({ target, detail: { message } }) => {
  markHeard(target);
  const article = isStream(target) && !message.event && target.closest("article");
  if (article) article.dataset.status = "streaming";
});

document.addEventListener("htmx:sse:close", (event) => {
  if (!isStream(event.target) || event.detail.reason !== "message") return;
  release(event.target);
  // The reply ended without its last version: it was deleted, or its reader has signed out. The page tells which.
  const seen = `ended:${event.target.id}`;
  if (!event.target.isConnected || sessionStorage.getItem(seen)) return;
  sessionStorage.setItem(seen, "1");
  location.reload();
});

// Its owner has opened more than they may elsewhere, so the oldest gave way: it comes back when its page is looked at.
document.addEventListener("stream:paused", (event) => {
  const fresh = isStream(event.target) && close(event.target);
  if (fresh) fresh.dataset.paused = "";
});

window.addEventListener("focus", resume);

function resume() {
  for (const element of document.querySelectorAll(".stream[data-paused]")) delete element.dataset.paused;
  openAll();
}

// The first connection is ours to repeat; hx-sse repeats the later ones.
document.addEventListener("htmx:finally:request", ({ target }) => {
  const stream = isStream(target) && streams.get(target);
  if (!stream || stream.connection) return;
  markLost(target.id);
  setTimeout(() => streams.get(target) === stream && reopen(target), RETRY_MS);
});

// Which lines are lost, by the ids of their streams, whose elements change; and whether the whole browser is offline.
const OFFLINE = "offline";
const lost = new Set();

function markLost(id) {
  if (!lost.size) document.dispatchEvent(new Event("connection:lost"));
  lost.add(id);
}

function markBack(id) {
  if (!lost.delete(id) || lost.size) return;
  document.dispatchEvent(new Event("connection:back"));
  // What the page would have fetched meanwhile.
  htmx.trigger(document.body, "conversations:changed");
}

function markHeard(element) {
  const stream = streams.get(element);
  if (!stream) return;
  stream.heardAt = performance.now();
  markBack(element.id);
}

document.addEventListener("htmx:sse:error", ({ target }) => isStream(target) && markLost(target.id));
// Before each try but the first, also after an end that was not announced.
document.addEventListener("htmx:sse:before:connection", ({ target, detail: { connection } }) => {
  if (isStream(target) && connection.attempt) markLost(target.id);
});

setInterval(() => {
  for (const [element, { heardAt }] of streams) {
    if (performance.now() - heardAt < SILENCE_MS) continue;
    markLost(element.id);
    reopen(element);
  }
}, 1000);

window.addEventListener("offline", () => markLost(OFFLINE));
if (!navigator.onLine) addEventListener("load", () => markLost(OFFLINE));

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    [...streams.keys()].forEach(close);
    // Given up on purpose.
    return [...lost].filter((id) => id !== OFFLINE).forEach(markBack);
  }
  resume();
  htmx.trigger(document.body, "page:shown");
});

// hx-sse tells by itself what a line that it connects again has brought; a fresh element tells what the one before had.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const { seen } = ctx.sourceElement.dataset;
  if (isStream(ctx.sourceElement) && seen) ctx.request.body.set("seen", seen);
});

// What was sent from another tab is fetched when this one is shown, and comes along with what this one sends. Both
// tell the last message that is here, and when it ended; what both bring is put in once (messages.js).
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  // Of two replies that are compared, the first is that of the shown branch.
  const last = [...document.querySelectorAll('#messages > article:not([data-compared="second"])')].at(-1);
  if (!last || !ctx.sourceElement.matches("#messages, #composer")) return;
  ctx.request.body.set("seen", last.id.slice(1));
  ctx.request.body.set("ended", last.dataset.ended);
});

window.addEventListener("online", () => {
  markBack(OFFLINE);
  for (const { connection } of streams.values()) connection?.delayCanceller?.();
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) [...streams.keys()].forEach((element) => reopen(element));
});

// A stream whose article was replaced is over.
new MutationObserver(() => {
  for (const element of streams.keys()) if (!element.isConnected) release(element);
  for (const id of lost) if (id !== OFFLINE && !document.getElementById(id)) markBack(id);
}).observe(document.documentElement, { childList: true, subtree: true });

// The feed tells what has changed in the list. One tab holds it for all tabs of the browser, of which each says
// "feed:news" to its page; where a browser has no Web Locks, each tab that is looked at has its own.
(() => {
  const list = document.getElementById("sidebar-list");
  if (!list) return;
  const name = `feed-${list.dataset.user}`;
  const tabs = new BroadcastChannel(name);
  const CLOSED_MS = 60_000; // until a feed that was refused is asked for again

  const say = (news) => document.dispatchEvent(new CustomEvent("feed:news", { detail: news }));
  tabs.onmessage = ({ data }) => say({ ...data, isLeader: false });

  let source = null;
  let heardAt = 0;
  let listChanges = null; // what this connection said last

  // The page that opens the feed has just been made; what changed before another connection is not known.
  let isNew = true;
  const tell = ({ data }) => {
    const news = JSON.parse(data);
    const hasChanged = listChanges === null ? !isNew : news.listChanges !== listChanges;
    // Who opens the feed takes over from a tab that went, and the others may have missed something.
    tabs.postMessage({ ...news, isListChanged: listChanges === null || hasChanged });
    say({ ...news, isListChanged: hasChanged, isLeader: true });
    listChanges = news.listChanges;
    isNew = false;
  };

  const open = () => {
    source?.close();
    listChanges = null;
    heardAt = performance.now();
    source = new EventSource(list.dataset.feed);
    for (const kind of ["message", "beat"]) source.addEventListener(kind, () => (heardAt = performance.now()));
    source.addEventListener("message", tell);
    source.addEventListener("error", () => (listChanges = null));
    source.addEventListener("end", () => source.close());
  };

  setInterval(() => {
    const silence = source ? performance.now() - heardAt : 0;
    if (silence > (source?.readyState === EventSource.CLOSED ? CLOSED_MS : 2 * SILENCE_MS)) open();
  }, 5000);
  window.addEventListener("focus", () => source?.readyState === EventSource.CLOSED && open());

  if (navigator.locks) {
    navigator.locks.request(name, () => {
      open();
      return new Promise(() => {});
    });
    return;
  }
  const openWhileShown = () => {
    if (!document.hidden) return open();
    source?.close();
    source = null;
  };
  document.addEventListener("visibilitychange", openWhileShown);
  openWhileShown();
})();
