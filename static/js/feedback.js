// What the page says back: failed requests as toasts, a reply's progress to screen readers.
(() => {
  const announcer = document.getElementById("announcer");
  const toasts = document.getElementById("toasts");

  const announce = (text) => {
    if (text) announcer.textContent = text;
  };

  const toast = (text) => {
    if (!text || [...toasts.children].some((shown) => shown.innerText.trim() === text)) return;
    const card = document.getElementById("toast").content.cloneNode(true);
    card.querySelector("p").textContent = text;
    toasts.append(card);
  };

  // The composer's own failures belong beside the text; a stream's are mended by its reconnecting.
  const report = (kind, { sourceElement: source }) => {
    if (source.matches(".stream")) return;
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
    if (ctx.response.raw.ok) toasts.replaceChildren();
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

  // What was said about a reply folds up: the focus goes to where it folds out again.
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.target?.matches?.(".feedback")) ctx.target.querySelector("summary[autofocus]")?.focus();
  });

  window.feedback = { announce, toast };
})();
