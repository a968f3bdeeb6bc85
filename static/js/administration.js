// Names that Django's own widgets lack: search boxes of related objects, and the hints beside two lists to choose from.
(() => {
  const nameWidgets = () => {
    for (const box of document.querySelectorAll("select.admin-autocomplete + .select2")) {
      const name = box.previousElementSibling.labels[0]?.innerText.replace(/:$/, "");
      for (const part of box.querySelectorAll('[role="combobox"], [role="textbox"]')) part.ariaLabel ||= name;
    }
    for (const hint of document.querySelectorAll(".help-tooltip[aria-label]:not([role])")) hint.role = "img";
  };
  // Django's scripts make the widgets some time after the page has come.
  new MutationObserver(nameWidgets).observe(document.body, { childList: true, subtree: true });
  nameWidgets();
})();
