// Shows of a rule's form only the field that the chosen kind needs.
(() => {
  const FIELDS = { words: "words", pattern: "pattern", cost: "cost", length: "length" };

  const show = (kind) => {
    for (const [name, field] of Object.entries(FIELDS)) {
      const row = document.querySelector(`.form-row.field-${field}`);
      if (row) row.hidden = name !== kind;
    }
    // Only replies cost anything.
    const role = document.querySelector(".form-row.field-role");
    if (role) role.hidden = kind === "cost";
  };

  document.addEventListener("DOMContentLoaded", () => {
    const kind = document.getElementById("id_kind");
    if (!kind) return;
    kind.addEventListener("change", () => show(kind.value));
    show(kind.value);
  });
})();
