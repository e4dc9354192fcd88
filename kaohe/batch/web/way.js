// The list of parts beside the text, or as a menu; which part one reads; a row that was led to is opened and seen.
(function () {
  const top = document.querySelector(".top"), contents = document.querySelector(".contents");
  const wide = matchMedia("(min-width: 1200px)");
  // What sticks under the bar has to know how high it is.
  function measure() {
    const sticks = getComputedStyle(top).position === "sticky";
    const high = sticks ? top.offsetHeight : 0, menu = contents && !wide.matches ? contents.querySelector("summary").offsetHeight : 0;
    document.documentElement.style.setProperty("--top", high + "px");
    document.documentElement.style.setProperty("--head", high + menu + "px");
  }
  if (top) {
    if (window.ResizeObserver) new ResizeObserver(measure).observe(top);
    addEventListener("resize", measure);
    measure();
  }

  function lead() {
    let row = null;
    try { row = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch (malformed) { return; }
    if (!row) return;
    for (let each = row.parentElement; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    // Not before frames of tables in what was opened have found their size.
    requestAnimationFrame(function () {
      setTimeout(function () { row.scrollIntoView({block: row.tagName === "TR" ? "center" : "start"}); });
    });
  }
  addEventListener("hashchange", lead);
  if (location.hash) {
    lead();
    addEventListener("load", function () { setTimeout(lead); });  // the browser goes there by itself, before a fold is open
  }

  if (!contents) return;
  const fold = contents.querySelector("details");
  function beside() { fold.open = wide.matches; }
  wide.addEventListener("change", beside);
  beside();
  contents.addEventListener("click", function (event) {
    if (event.target.tagName === "A" && !wide.matches) fold.open = false;
  });
  fold.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !wide.matches) fold.open = false;
  });

  const ways = Array.from(contents.querySelectorAll("a"));
  const parts = ways.map(function (way) { return document.getElementById(way.hash.slice(1)); });
  let asked = false;
  function here() {
    asked = false;
    contents.classList.toggle("first", scrollY < innerHeight / 4);  // on a phone it would lie over the answer
    const line = innerHeight / 3;
    let at = -1;
    parts.forEach(function (part, number) { if (part && part.getBoundingClientRect().top <= line) at = number; });
    ways.forEach(function (way, number) {
      if (number === at) way.setAttribute("aria-current", "true");
      else way.removeAttribute("aria-current");
    });
  }
  addEventListener("scroll", function () {
    if (asked) return;
    asked = true;
    requestAnimationFrame(here);
  }, {passive: true});
  here();
})();
