// What the page says back: failed requests as toasts, a reply's progress to screen readers, its end by the system and in the
// window's title.
(() => {
  const LOST_AFTER = 3000; // ms
  const announcer = document.getElementById("announcer");
  const toasts = document.getElementById("toasts");

  const announce = (text) => {
    if (text) announcer.textContent = text;
  };

  // What a page says when it opens is read out when it changes.
  toasts.append(...toasts.childNodes);

  // On a phone the sidebar is a sheet in the top layer, over everything that isn't: toasts go there too, as the last, above it.
  const raiseToasts = () => {
    if (!toasts.showPopover) return;
    toasts.popover = "manual";
    if (toasts.matches(":popover-open")) toasts.hidePopover();
    if (toasts.childElementCount) toasts.showPopover();
  };
  new MutationObserver(raiseToasts).observe(toasts, { childList: true });
  document.getElementById("sidebar")?.addEventListener("toggle", raiseToasts);

  const isShown = (text) => [...toasts.children].find((shown) => shown.innerText.trim() === text);

  const toast = (text) => {
    if (!text || isShown(text)) return;
    const card = document.getElementById("toast").content.cloneNode(true);
    card.querySelector("p").textContent = text;
    toasts.append(card);
  };

  // What pages fetch by themselves: the reader asked for nothing, and a stream's failures are mended by its reconnecting.
  const UNASKED = ".stream, #sidebar-list, #listed, .sidebar-load-more, #messages";

  // The composer's own failures belong beside the text.
  const report = (kind, { sourceElement: source }) => {
    if (source.matches(UNASKED)) return;
    const beside = source.id === "composer" ? document.getElementById("composer-error") : null;
    if (beside?.dataset[kind]) beside.textContent = beside.dataset[kind];
    else toast(toasts.dataset[kind]);
  };

  document.addEventListener("htmx:error", ({ detail }) => {
    if (detail.ctx) report("network", detail.ctx);
  });
  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    const { status } = ctx.response;
    if (status >= 500) report("server", ctx);
    else if (status === 403) report("refused", ctx);
    else if (status === 404) report("gone", ctx);
  });

  // Whatever works again needs no complaint; what can be undone still can.
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (!ctx.response.raw.ok) return;
    for (const shown of [...toasts.children]) if (shown !== isShown(toasts.dataset.lost) && !shown.querySelector?.("form")) shown.remove();
  });

  // A line that is back in a moment needs no word.
  let lost = null;
  document.addEventListener("connection:lost", () => {
    lost ??= setTimeout(() => toast(toasts.dataset.lost), LOST_AFTER);
  });
  document.addEventListener("connection:back", () => {
    clearTimeout(lost);
    lost = null;
    if (!isShown(toasts.dataset.lost)) return;
    isShown(toasts.dataset.lost).remove();
    announce(announcer.dataset.connected);
  });

  // A reply's tokens are not read out one by one; that it began and how it ended is.
  const watchReplies = ({ anew = false } = {}) => {
    const messages = document.getElementById("messages");
    if (!messages || messages.dataset.watched) return;
    messages.dataset.watched = "true";
    const tell = () => {
      const { role, status } = messages.lastElementChild?.dataset ?? {};
      if (role === "assistant") announce(announcer.dataset[status]);
    };
    if (anew) tell();
    new MutationObserver(tell).observe(messages, { childList: true });
    new MutationObserver(tell).observe(messages, { subtree: true, attributeFilter: ["data-status"] });
  };
  watchReplies();
  // A new chat's first message brings a list of its own, and so does a conversation that is opened.
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => watchReplies({ anew: ctx.sourceElement.id === "composer" }));

  // What had the focus may be gone after a swap: the keyboard goes on where it was, not at the top of the page.
  let focused = null;
  document.addEventListener("htmx:before:swap", () => {
    focused = document.activeElement?.closest("#messages > *");
  });
  document.addEventListener("htmx:after:swap", () => {
    if (!focused || document.activeElement !== document.body) return;
    const earlier = focused.id === "earlier" && document.querySelector("#earlier a, #messages > article");
    const next = document.getElementById(focused.id) ?? document.querySelector("#messages > article:last-of-type");
    (earlier || next)?.focus({ preventScroll: true });
  });

  // What was said about a reply folds up: the focus goes to where it folds out again.
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.target?.matches?.(".feedback")) ctx.target.querySelector("summary[autofocus]")?.focus();
  });

  // A wait is counted down for the eye alone: it is read out when it begins, and when it is over.
  const countDown = (number) => {
    const sentence = number.parentElement;
    const live = sentence.closest("[role=alert]");
    const until = Date.now() + number.dataset.countdown * 1000;
    number.removeAttribute("data-countdown");
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      const isOver = left <= 0;
      if (number.isConnected && !isOver) {
        live?.setAttribute("aria-live", "off");
        number.textContent = left;
        return;
      }
      clearInterval(timer);
      live?.removeAttribute("aria-live");
      if (!number.isConnected) return;
      sentence.textContent = announcer.dataset.again;
      if (!live) announce(announcer.dataset.again);
    };
    const timer = setInterval(tick, 1000);
  };
  const countAllDown = () => document.querySelectorAll("[data-countdown]").forEach(countDown);
  countAllDown();
  document.addEventListener("htmx:before:swap", () => document.querySelectorAll("[role=alert][aria-live=off]").forEach((live) => live.removeAttribute("aria-live")));
  document.addEventListener("htmx:after:swap", countAllDown);

  // A reply that ended while no tab is looked at is told by the system, once its reader has asked for that.
  const NOTIFY = "notify";
  const list = document.getElementById("sidebar-list");
  const notifySwitch = document.querySelector("[data-notify]");
  const canNotify = Boolean(list && notifySwitch && navigator.serviceWorker && navigator.locks && window.Notification);
  const isAskedFor = () => localStorage.getItem(NOTIFY) === "on" && Notification.permission === "granted";
  // Phones show a notification only for a worker, which needs no more than that (notification-worker.js), and must be active.
  const getWorker = async () => {
    const registration = await navigator.serviceWorker.register(list.dataset.worker);
    const coming = registration.installing ?? registration.waiting;
    if (!registration.active && coming) {
      await new Promise((resolve) => coming.addEventListener("statechange", () => registration.active && resolve()));
    }
    return registration;
  };

  const holdWhileShown = () => {
    if (document.hidden) return;
    navigator.locks.request("shown", { mode: "shared" }, () => document.hidden || new Promise((resolve) => {
      document.addEventListener("visibilitychange", resolve, { once: true });
    }));
  };
  const isAnyShown = async () => (await navigator.locks.query()).held.some(({ name }) => name === "shown");

  const askForNotifications = async () => {
    const isOn = notifySwitch.ariaChecked !== "true";
    if (isOn && (await Notification.requestPermission()) !== "granted") return toast(list.dataset.denied);
    localStorage.setItem(NOTIFY, isOn ? "on" : "off");
    notifySwitch.ariaChecked = String(isAskedFor());
    if (isOn) getWorker();
  };

  // Before the first news it is the page that tells what has ended since: what it still shows as running, or as seen.
  const hasEnded = ({ url }) => {
    if (url === location.pathname) return Boolean(document.querySelector("#messages .stream"));
    const row = [...document.querySelectorAll(".sidebar-item")].find((item) => item.pathname === url)?.parentElement;
    return Boolean(row) && row.dataset.state !== "unseen";
  };
  let known = null;
  const notify = async ({ unseen, isLeader }) => {
    const fresh = unseen.filter((reply) => (known ? !known.has(reply.url) : hasEnded(reply)));
    known = new Set(unseen.map(({ url }) => url));
    if (!fresh.length || !isLeader || !isAskedFor() || (await isAnyShown())) return;
    const worker = await getWorker();
    for (const { url, title } of fresh) worker.showNotification(list.dataset.ready, { body: title, tag: url, data: url });
  };

  if (canNotify) {
    notifySwitch.hidden = false;
    notifySwitch.ariaChecked = String(isAskedFor());
    notifySwitch.addEventListener("click", askForNotifications);
    document.addEventListener("visibilitychange", holdWhileShown);
    holdWhileShown();
    document.addEventListener("feed:news", ({ detail }) => notify(detail));
  }

  // Replies that weren't seen are counted in the window's title, but for that of the page while it is looked at.
  let unseen = [];
  const showCount = () => {
    const elsewhere = unseen.filter(({ url }) => document.hidden || url !== location.pathname);
    const bare = document.title.replace(/^\(\d+\) /, "");
    document.title = elsewhere.length ? `(${elsewhere.length}) ${bare}` : bare;
  };
  document.addEventListener("feed:news", ({ detail }) => {
    unseen = detail.unseen;
    showCount();
  });
  // By then htmx has given the window its title.
  document.addEventListener("htmx:finally:swap", showCount);
  document.addEventListener("visibilitychange", showCount);

  window.notifications = { announce, toast };
})();
