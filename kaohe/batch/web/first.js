// Before anything is painted: the theme chosen last, else the system's.
(function (root) {
  var chosen = null;
  try { chosen = localStorage.getItem("kaohe-theme"); } catch (refused) { chosen = null; }
  root.dataset.theme = chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.classList.add("scripted");
})(document.documentElement);
