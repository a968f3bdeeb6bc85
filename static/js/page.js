// What every page needs: the reader's time zone and theme, clicks that come early, styles of what is fetched, menus and
// dialogs, signing out. It runs before there is a page; the other scripts wait for it.
(() => {
  // The server writes days and times in this zone.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `time_zone=${encodeURIComponent(zone)}; path=/; max-age=${365 * 24 * 3600}; SameSite=Lax`;

  // A page is there before its scripts are, on a slow line by seconds. What is clicked or typed meanwhile is done once they have
  // come: nothing else would tell that it wasn't. Links and forms do without scripts, and are left alone.
  const early = [];
  const keepClick = (event) => {
    const button = event.target.closest('button[type="button"]');
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    early.push(() => button.click());
  };
  const keepInput = ({ target, type }) => {
    if (target.closest("[hx-trigger]")) early.push(() => target.dispatchEvent(new Event(type, { bubbles: true })));
  };
  const kept = { click: keepClick, input: keepInput, change: keepInput };
  for (const [type, keep] of Object.entries(kept)) addEventListener(type, keep, { capture: true });
  // The other scripts listen to this as well, and then to what is done.
  document.addEventListener("DOMContentLoaded", () => setTimeout(() => {
    for (const [type, keep] of Object.entries(kept)) removeEventListener(type, keep, { capture: true });
    for (const again of early) again();
  }));

  // Another theme is there at once, here and in the other tabs; the account menu's form saves it.
  const THEME = "theme";
  const DEVICE = { light: "(prefers-color-scheme: light)", dark: "(prefers-color-scheme: dark)" };
  const BARS = { light: "#fcfcfa", dark: "#16181c" };
  const isChosen = (theme) => theme === "light" || theme === "dark";

  const makeBar = (color, media) => {
    const meta = Object.assign(document.createElement("meta"), { name: "theme-color", content: color });
    if (media) meta.media = media;
    return meta;
  };

  const showTheme = (theme) => {
    if (isChosen(theme)) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    document.querySelector("meta[name=color-scheme]").content = isChosen(theme) ? theme : "light dark";
    document.querySelectorAll("meta[name=theme-color]").forEach((meta) => meta.remove());
    const bars = isChosen(theme) ? [makeBar(BARS[theme])] : ["light", "dark"].map((each) => makeBar(BARS[each], DEVICE[each]));
    document.head.append(...bars);
    for (const input of document.querySelectorAll("input[name=theme]")) input.checked = input.value === theme;
  };

  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".theme-form input")) return;
    showTheme(target.value);
    try {
      localStorage.setItem(THEME, target.value);
    } catch {}
  });
  addEventListener("storage", ({ key, newValue }) => {
    if (key === THEME && newValue) showTheme(newValue);
  });

  // Styles of what not every page has come with the first of it, which is shown once they are there; and stay.
  const styles = new Map();
  const loadStyle = (href) => {
    if (styles.has(href)) return styles.get(href);
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    const isThere = new Promise((resolve) => (link.onload = link.onerror = resolve));
    link.addEventListener("error", () => styles.delete(href));
    document.head.append(link);
    styles.set(href, isThere);
    return isThere;
  };

  // A link that a swap puts into the body would be late for what follows it. Code and formulas come without any.
  const takeStyles = (html) => {
    const layout = document.querySelector(".app-layout")?.dataset ?? {};
    const hrefs = [];
    const rest = html.replace(/<link rel="stylesheet" href="([^"]+)">/g, (_, href) => (hrefs.push(href), ""));
    if (layout.codeStyle && html.includes('class="code"')) hrefs.push(layout.codeStyle);
    if (layout.mathStyle && html.includes("<math")) hrefs.push(layout.mathStyle);
    return { rest, areThere: hrefs.length ? Promise.all(hrefs.map(loadStyle)) : null };
  };
  const addStyles = async (html) => {
    const { rest, areThere } = takeStyles(html);
    await areThere;
    return rest;
  };
  window.styles = { load: loadStyle, add: addStyles };

  document.addEventListener("htmx:before:response", ({ detail: { ctx } }) => {
    const { raw } = ctx.response;
    const read = raw.text.bind(raw);
    raw.text = async () => {
      const html = await addStyles(await read());
      ctx.request.signal?.throwIfAborted(); // something else was asked for meanwhile
      return html;
    };
  });
  document.addEventListener("htmx:sse:before:message", ({ detail: { message, waitUntil } }) => {
    const { rest, areThere } = takeStyles(message.data ?? "");
    if (!areThere) return;
    message.data = rest;
    waitUntil(areThere);
  });

  const runCommand = (button) => {
    const dialog = document.getElementById(button.getAttribute("commandfor"));
    if (button.getAttribute("command") === "show-modal") dialog?.showModal();
    else dialog?.close();
  };
  const lacksCommands = !("command" in HTMLButtonElement.prototype);

  document.addEventListener("click", (event) => {
    const dismiss = event.target.closest("[data-dismiss]");
    dismiss?.closest(dismiss.dataset.dismiss || ".toast").remove();
    // The one menu of the list must not show what was in it for another row.
    const options = event.target.closest(".sidebar-options, .row-options");
    if (options) document.getElementById(options.getAttribute("popovertarget")).replaceChildren();
    const command = event.target.closest("[commandfor]");
    if (command && lacksCommands) runCommand(command);
    // A menu of which something was chosen has done its work.
    event.target.closest(".menu[popover] .menu-item, [popover] [commandfor]")?.closest("[popover]").hidePopover();
  });

  // The dialog or the toast from which a conversation was changed has done its work. Where what asked for it has left the
  // page meanwhile, the document itself is told.
  for (const name of ["conversations:changed", "question:answered"]) {
    document.addEventListener(name, ({ target }) => {
      target.closest?.("dialog")?.close();
      target.closest?.(".toast")?.remove();
    });
  }

  // Up and down in a menu, and into it from its button.
  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const menu = event.target.closest(".menu[popover]") ?? document.getElementById(event.target.getAttribute("popovertarget"));
    if (!step || !menu?.matches(".menu:popover-open")) return;
    event.preventDefault();
    const items = [...menu.querySelectorAll(".menu-item")];
    const at = items.indexOf(event.target);
    items.at(at < 0 ? (step > 0 ? 0 : -1) : (at + step) % items.length)?.focus();
  });

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    // A renamed conversation has a new header: the focus goes back to the button that led to the dialog.
    if (ctx.target?.id === "conversation-header") document.getElementById("conversation-menu-button")?.focus();
  });

  // A dialog that was fetched opens, once.
  document.addEventListener("htmx:after:swap", () => {
    const dialog = document.querySelector("dialog[data-open]");
    dialog?.removeAttribute("data-open");
    dialog?.showModal();
  });

  // Typing a new folder's name chooses it.
  document.addEventListener("input", ({ target }) => {
    const value = target.dataset?.chooses;
    if (value) target.form.querySelector(`[type=radio][value="${value}"]`).checked = true;
  });

  // What is there to be replaced is selected.
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("[data-select]")) target.select();
  });

  // Whoever signs out on purpose leaves no unsent text behind.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-sign-out]")) return;
    Object.keys(localStorage)
      .filter((key) => key.startsWith("draft:"))
      .forEach((key) => localStorage.removeItem(key));
  });
})();
