// What every page needs: the reader's time zone, the sidebar, dialogs in older browsers, toasts, signing out.
(() => {
  const YEAR = 365 * 24 * 3600;
  const setCookie = (name, value, age) => {
    document.cookie = `${name}=${value}; path=/; max-age=${age}; SameSite=Lax`;
  };

  // The server writes days and times in this zone.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) setCookie("time_zone", encodeURIComponent(zone), YEAR);

  // Collapsing is kept in a cookie, so that the server draws the next page right at once.
  const toggleSidebar = () => {
    const root = document.documentElement;
    const collapsed = root.dataset.sidebar !== "collapsed";
    if (collapsed) root.dataset.sidebar = "collapsed";
    else delete root.dataset.sidebar;
    setCookie("sidebar", "collapsed", collapsed ? YEAR : 0);
    const visible = (button) => button.offsetParent !== null;
    [...document.querySelectorAll("[data-sidebar-toggle]")].find(visible)?.focus();
  };

  // A page starts with the list where the last page left it, and always with its own conversation in sight.
  const list = document.querySelector(".sidebar-nav");
  const current = () => list?.querySelector("[aria-current]");
  const showCurrent = () => current()?.scrollIntoView({ block: "nearest" });
  if (list) {
    if (current()) list.scrollTop = Number(sessionStorage.getItem("sidebar-scroll"));
    showCurrent();
    addEventListener("pagehide", () => sessionStorage.setItem("sidebar-scroll", list.scrollTop));
  }

  // The sheet of narrow screens must not stay open as a popover when the window grows.
  matchMedia("(width >= 60rem)").addEventListener("change", () => {
    const sidebar = document.getElementById("sidebar");
    if (sidebar?.matches(":popover-open")) sidebar.hidePopover();
  });

  const runCommand = (button) => {
    const dialog = document.getElementById(button.getAttribute("commandfor"));
    if (button.getAttribute("command") === "show-modal") dialog?.showModal();
    else dialog?.close();
  };
  const lacksCommands = !("command" in HTMLButtonElement.prototype);

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-sidebar-toggle]")) toggleSidebar();
    if (event.target.closest("[data-dismiss]")) event.target.closest(".toast").remove();
    const button = event.target.closest("[commandfor]");
    if (!button) return;
    if (lacksCommands) runCommand(button);
    button.closest("[popover]")?.hidePopover();
  });

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.target?.id === "sidebar-list") showCurrent();
    // A renamed conversation has a new header: the focus goes back to the button that led to the dialog.
    if (ctx.target?.id === "conversation-header") document.getElementById("conversation-menu-button")?.focus();
  });

  // Whoever signs out on purpose leaves no unsent text behind.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-sign-out]")) return;
    Object.keys(localStorage)
      .filter((key) => key.startsWith("draft:"))
      .forEach((key) => localStorage.removeItem(key));
  });
})();
