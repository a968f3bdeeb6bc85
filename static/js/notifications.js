// What the page says back: failed requests as toasts, a reply's progress to screen readers.
(() => {
  const LOST_AFTER = 3000; // ms
  const announcer = document.getElementById("announcer");
  const toasts = document.getElementById("toasts");

  const announce = (text) => {
    if (text) announcer.textContent = text;
  };

  // What a page says when it opens is read out when it changes.
  toasts.append(...toasts.childNodes);

  const isShown = (text) => [...toasts.children].find((shown) => shown.innerText.trim() === text);

  const toast = (text) => {
    if (!text || isShown(text)) return;
    const card = document.getElementById("toast").content.cloneNode(true);
    card.querySelector("p").textContent = text;
    toasts.append(card);
  };

  // What pages fetch by themselves: the reader asked for nothing, and a stream's failures are mended by its reconnecting.
  const UNASKED = ".stream, #sidebar-list, .sidebar-load-more, #messages";

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

  // Whatever works again needs no complaint.
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (!ctx.response.raw.ok) return;
    for (const shown of [...toasts.children]) if (shown !== isShown(toasts.dataset.lost)) shown.remove();
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
  // A new chat's first message brings a list of its own.
  document.addEventListener("htmx:after:swap", () => watchReplies({ anew: true }));

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

  window.notifications = { announce, toast };
})();
