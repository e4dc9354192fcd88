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
}
