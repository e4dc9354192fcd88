// On paper nothing can be opened: a page's folded parts are printed, and fold again afterwards.
(function () {
  let opened = [];
  addEventListener("beforeprint", function () {
    opened = [...document.querySelectorAll("details.kh-fold:not([open])")];
    opened.forEach(function (part) { part.open = true; });
  });
  addEventListener("afterprint", function () {
    opened.forEach(function (part) { part.open = false; });
  });
})();
