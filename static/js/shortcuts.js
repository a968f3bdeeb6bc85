// What can be done by keys (templates/conversations/_shortcuts.html lists them), and the search field of the sidebar by keyboard:
// Ctrl or ⌘ and K, Esc, arrows and Enter. Between them: several conversations at once.
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

// Several conversations of the list at once: real checkboxes, which show while something is being selected. What is selected is
// known here, and sent from here: rows come and go as the list is scrolled or fetched again.
(() => {
  const bar = document.getElementById("selection");
  const sidebar = document.getElementById("sidebar");
  if (!bar) return;
  const selected = new Set();
  let last = null;

  const isSelecting = () => !bar.hidden;
  const boxes = () => [...document.querySelectorAll(".sidebar-check")];

  const show = () => {
    for (const box of boxes()) {
      box.checked = selected.has(box.value);
      const link = document.getElementById(`item-${box.value}`);
      if (isSelecting()) link.tabIndex = -1;
      else link.removeAttribute("tabindex");
    }
    const count = document.getElementById("selection-count");
    const text = count.dataset.text.replace("#", selected.size);
    if (isSelecting() && count.textContent !== text) count.textContent = text;
    for (const button of bar.querySelectorAll(".selection-action")) button.disabled = !selected.size;
    const fields = [...selected].map((value) => Object.assign(document.createElement("input"), { type: "hidden", name: "ids", value }));
    document.getElementById("selection-ids").replaceChildren(...fields);
  };

  const set = (box, isOn) => {
    if (!isOn) selected.delete(box.value);
    else if (selected.size < Number(bar.dataset.most)) selected.add(box.value);
  };

  const begin = (id) => {
    bar.hidden = false;
    sidebar.dataset.selecting = "";
    last = boxes().find((box) => box.value === id);
    if (last) set(last, true);
    show();
    last?.focus();
  };

  const end = () => {
    const focused = document.activeElement;
    bar.hidden = true;
    delete sidebar.dataset.selecting;
    selected.clear();
    show();
    const row = focused?.matches(".sidebar-check") ? focused.value : last?.value;
    if (focused === document.body || sidebar.contains(focused)) document.getElementById(`item-${row}`)?.focus();
    last = null;
  };

  // From the one that was touched last to this one, all become what this one becomes.
  const toggle = (box, isOn, isRange) => {
    const there = boxes();
    const from = isRange ? there.findIndex((each) => each.value === last?.value) : -1;
    const to = there.indexOf(box);
    const range = from < 0 ? [box] : there.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const each of range) set(each, isOn);
    last = box;
    show();
  };

  document.addEventListener(
    "click",
    (event) => {
      const { target } = event;
      const chosen = target.closest?.("[data-select-row]");
      if (chosen) begin(chosen.dataset.selectRow);
      if (!isSelecting()) return;
      if (target.matches?.(".sidebar-check")) toggle(target, target.checked, event.shiftKey);
      // A row is selected instead of opened.
      const link = target.closest?.(".sidebar-item");
      const box = link?.closest(".sidebar-row")?.querySelector(".sidebar-check");
      if (box && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        event.stopPropagation();
        toggle(box, !box.checked, event.shiftKey);
        box.focus();
      }
      if (target.closest?.("[data-select-none]")) end();
      if (target.closest?.("[data-select-all]")) {
        for (const each of boxes()) set(each, true);
        show();
      }
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    if (!isSelecting() || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && event.target.matches(".sidebar-check")) {
      event.preventDefault();
      const there = boxes();
      there[there.indexOf(event.target) + step]?.focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      end();
    }
  });

  document.addEventListener("htmx:after:swap", () => isSelecting() && show());
  document.addEventListener("conversations:changed", ({ target }) => {
    if (!target.closest?.("[data-for-selection]")) return;
    document.getElementById("selection-delete-dialog").close();
    end();
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
