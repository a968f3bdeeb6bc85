// Choosing rows of the queue: all at once, how many there are, and a range with the shift key held.
(() => {
  const form = document.querySelector("[data-queue]");
  const label = form?.querySelector("[data-queue-all]");
  if (!label) return;
  const all = label.querySelector("input");
  const boxes = [...form.querySelectorAll(".action-select")];
  const chosen = form.querySelector("[data-queue-selected-count]");
  const number = form.querySelector("[data-queue-number]");
  let last = null;

  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
    chosen.hidden = !count;
    number.textContent = count;
  };

  label.hidden = false;
  all.addEventListener("change", () => {
    boxes.forEach((box) => (box.checked = all.checked));
    show();
  });
  form.addEventListener("click", (event) => {
    const index = boxes.indexOf(event.target);
    if (index < 0) return;
    if (event.shiftKey && last !== null) {
      boxes.slice(Math.min(index, last), Math.max(index, last)).forEach((box) => (box.checked = event.target.checked));
      show();
    }
    last = index;
  });
  form.addEventListener("change", show);
  // A browser that goes back ticks the boxes again.
  addEventListener("pageshow", show);
})();

// What opens below its button closes like a menu.
(() => {
  const dropdowns = [...document.querySelectorAll(".queue-dropdown")];
  const close = (dropdown) => (dropdown.open = false);
  document.addEventListener("click", ({ target }) => dropdowns.filter((dropdown) => !dropdown.contains(target)).forEach(close));
  document.addEventListener("keydown", ({ key }) => {
    const open = dropdowns.find((dropdown) => dropdown.open);
    if (key !== "Escape" || !open) return;
    close(open);
    open.querySelector("summary").focus();
  });
})();
