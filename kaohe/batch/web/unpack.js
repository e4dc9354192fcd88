// What stands deflated in the page goes to its place before anything looks for it: figures, the tables behind them, and
// in a page that stands alone plotly itself. An old browser that cannot shows each figure's words.
window.kaoheUnpacked = (async function () {
  async function text(source) {
    const bytes = Uint8Array.from(atob(source.textContent), function (each) { return each.charCodeAt(0); });
    const stream = new Response(bytes).body.pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  }
  const packed = document.getElementById("packed"), plotly = document.getElementById("plotly");
  if (packed) {
    const whole = document.createElement("template");
    whole.innerHTML = await text(packed);
    whole.content.querySelectorAll("template[data-behind]").forEach(function (held) {
      document.querySelector('div[data-behind="' + held.dataset.behind + '"]').replaceWith(held.content);
      held.remove();
    });
    packed.replaceWith(whole.content);
  }
  if (plotly) {
    const script = document.createElement("script");
    script.textContent = await text(plotly);
    plotly.remove();
    document.head.append(script);
  }
})();
