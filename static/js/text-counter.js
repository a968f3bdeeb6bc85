// How many characters a field has, of those that it may have; without scripts the page says only how many it may.
(() => {
  const numbers = new Intl.NumberFormat(document.documentElement.lang || undefined);

  for (const counter of document.querySelectorAll("[data-counts]")) {
    const field = document.getElementById(counter.dataset.counts);
    const count = () => {
      counter.textContent = counter.dataset.counted
        .replace("{count}", numbers.format(field.value.length))
        .replace("{most}", numbers.format(field.maxLength));
    };
    field.addEventListener("input", count);
    count();
  }
})();
