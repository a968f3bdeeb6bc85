// What can be done by keys (templates/conversations/_shortcuts.html lists them), and the search field of the sidebar by keyboard:
// Ctrl or ⌘ and K, Esc, arrows and Enter.
(() => {
  const field = document.getElementById("conversation-search");
  const found = document.getElementById("search-found");
  if (!field || !found) return;
  let cameFrom = null;

  const open = () => {
    if (document.activeElement !== field) cameFrom = document.activeElement;
    const sidebar = document.getElementById("sidebar");
    if (matchMedia("(width < 60rem)").matches) {
      if (!sidebar.matches(":popover-open")) sidebar.showPopover();
    } else if (document.documentElement.dataset.sidebar === "collapsed") {
      document.querySelector(".conversation-header [data-sidebar-toggle]")?.click();
    }
    field.focus();
    field.select();
  };

  const close = () => {
    field.value = "";
    // An answer that is under way is replaced by the one to nothing.
    field.dispatchEvent(new Event("input", { bubbles: true }));
    found.replaceChildren();
    const sidebar = document.getElementById("sidebar");
    if (sidebar.matches(":popover-open")) sidebar.hidePopover();
    if (cameFrom?.isConnected && cameFrom !== document.body) cameFrom.focus();
    else field.blur();
    cameFrom = null;
  };

  const listStops = () => [field, ...found.querySelectorAll(".search-result, .search-more")];

  const move = (event, step) => {
    const stops = listStops();
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (stops.length < 2) return;
    event.preventDefault();
    next?.focus();
  };

  // “Show more” gives way to what it brings: the keyboard goes on from the first of that.
  let pressed = -1;
  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    const more = ctx.sourceElement.matches?.(".search-more") && ctx.sourceElement === document.activeElement;
    pressed = more ? listStops().indexOf(ctx.sourceElement) : -1;
  });
  document.addEventListener("htmx:after:swap", () => {
    if (pressed >= 0 && document.activeElement === document.body) listStops()[pressed]?.focus();
    pressed = -1;
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      open();
      return;
    }
    if (event.target !== field && !found.contains(event.target)) return;
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown") move(event, 1);
    else if (event.key === "ArrowUp") move(event, -1);
    else if (event.key === "Enter" && event.target === field) {
      const first = found.querySelector(".search-result");
      if (!first) return;
      event.preventDefault();
      first.click();
    }
  });
})();

(() => {
  const isMac = /^(Mac|iP)/.test(navigator.platform);
  for (const key of document.querySelectorAll("kbd[data-modifier]")) if (isMac) key.textContent = key.dataset.modifier;

  const box = () => document.getElementById("composer-text");
  const last = (selector) => [...document.querySelectorAll(selector)].at(-1);
  const isShown = (element) => element?.offsetParent !== null;
  const press = (element) => {
    element?.click();
    return Boolean(element);
  };

  const showList = () => {
    const dialog = document.getElementById("shortcuts-dialog");
    if (dialog.open) dialog.close();
    else if (!document.querySelector("dialog[open]")) dialog.showModal();
    return true;
  };

  const toggleSidebar = () => {
    if (matchMedia("(width >= 60rem)").matches) return press([...document.querySelectorAll("[data-sidebar-toggle]")].find(isShown));
    document.getElementById("sidebar").togglePopover();
    return true;
  };

  // From a new chat, or a page that is none, the next conversation is the first.
  const goToConversation = (step) => {
    const rows = [...document.querySelectorAll("#sidebar-list .sidebar-item")];
    const at = rows.findIndex((row) => row.pathname === location.pathname);
    const next = at < 0 && step < 0 ? null : rows[at + step];
    next?.scrollIntoView({ block: "nearest" });
    return press(next);
  };

  const focusBox = () => {
    box()?.focus();
    return Boolean(box());
  };

  // Each says whether there was something to do: if not, the key is the browser's.
  const WITH_SHIFT = {
    o: () => press(document.querySelector(".sidebar-new-chat")),
    s: toggleSidebar,
    c: () => press(last("#messages article[data-role=assistant] [data-copy-message]")),
    ";": () => press(last("#messages [data-copy-code]")),
  };

  // Keyboards without Latin letters have them in the same places.
  const nameOf = ({ key, code }) => {
    if (code === "Semicolon" && key !== ";") return ";";
    return /^[a-z;/?]$/i.test(key) ? key.toLowerCase() : code.replace("Key", "").toLowerCase();
  };

  const isTyping = ({ target }) => Boolean(target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]"));
  const isOpen = () => Boolean(document.querySelector("dialog[open], [popover]:popover-open"));

  const editLast = ({ target }) => {
    if (target !== box() || target.value) return false;
    return press(last("#messages article[data-role=user]")?.querySelector("[data-edit]"));
  };

  const stop = ({ target }) => {
    const button = document.querySelector(".composer-button.stop");
    const isElsewhere = target !== box() && isTyping({ target });
    return !isOpen() && !isElsewhere && button !== null && isShown(button) && press(button);
  };

  const handle = (event) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    const isCommand = (ctrlKey || metaKey) && !altKey;
    if (isCommand && key === "/") return showList();
    if (key === "?" && !isCommand && !isTyping(event)) return showList();
    if (document.querySelector("dialog[open]")) return false;
    if (isCommand && shiftKey) return WITH_SHIFT[nameOf(event)]?.();
    if (isCommand) return false;
    if (key === "Escape") return shiftKey ? focusBox() : stop(event);
    if (altKey && !shiftKey && (!isTyping(event) || !event.target.value)) {
      if (key === "ArrowDown") return goToConversation(1);
      if (key === "ArrowUp") return goToConversation(-1);
    }
    return key === "ArrowUp" && !altKey && !shiftKey && editLast(event);
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || event.repeat) return;
    if (handle(event)) event.preventDefault();
  });
})();
