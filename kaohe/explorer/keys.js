// What the explorer needs in the page: keys that stay in its fields, and tables that can be copied.

// Arrows, Enter and letters belong to the field that has the focus; JupyterLab would take them for its own commands
// (next cell, edit mode). With Ctrl, Alt or ⌘ they stay JupyterLab's. The window hears a key before JupyterLab does,
// which looks for this mark on the element itself.
if (!window.kaoheExplorerKeys) {
  window.kaoheExplorerKeys = true;
  window.addEventListener("keydown", event => {
    if (event.target.closest?.(".kh-x")) {
      const own = !(event.ctrlKey || event.altKey || event.metaKey);
      event.target.toggleAttribute("data-lm-suppress-shortcuts", own);
    }
  }, true);

  // A table onto the clipboard as Excel takes it: a row a line, tabs between, numbers as plain numbers (−0.50, ▼2 and
  // 并列 3 are text there). Only what is shown: a filter is meant.
  const plain = cell => {
    const said = cell.innerText.replace(/\s+/g, " ").trim();
    if (!cell.classList.contains("n") || cell.tagName === "TH") return said;
    const found = said.match(/^(?:并列 )?([▲▼]?) ?([+−-]?)(\d+(?:\.\d+)?%?)$/);
    if (!found) return said === "–" ? "" : said;
    return (found[2] ? found[2] !== "+" : found[1] === "▼") ? `-${found[3]}` : found[3];
  };
  // A text that begins like a formula is none: Excel would work it out.
  const safe = (said, number) => !number && /^[=+@-]/.test(said) ? `'${said}` : said;
  const lines = table => [...table.rows].map(row => [...row.cells].flatMap(cell =>
    [safe(plain(cell), cell.classList.contains("n")), ...Array(cell.colSpan - 1).fill("")]).join("\t")).join("\r\n");
  const put = async words => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(words);
    const field = document.body.appendChild(document.createElement("textarea"));
    field.value = words;
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (!done) throw new Error("copy");
  };
  document.addEventListener("click", event => {
    const button = event.target.closest?.(".kh-x-copy");
    if (!button) return;
    const table = button.parentElement.querySelector("table");
    put(lines(table)).then(
      () => { button.textContent = `已复制 ${table.tBodies[0].rows.length} 行`; },
      () => { button.textContent = "浏览器不让复制，请选中表格后按 Ctrl+C"; },
    );
  });
}
