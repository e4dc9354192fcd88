// What the pages draw: scatter is part of the core.
import Plotly from "plotly.js/lib/core";
import bar from "plotly.js/lib/bar";
import heatmap from "plotly.js/lib/heatmap";
import waterfall from "plotly.js/lib/waterfall";

Plotly.register([bar, heatmap, waterfall]);
export default Plotly;
