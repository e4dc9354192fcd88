"""What the explorer's widgets show, found as a reader finds it: by label."""

from kaohe.explorer.view import PLOTLY


def chart(explorer):
    (output,) = explorer.view.chart.outputs
    return output["data"][PLOTLY]


def title(explorer):
    return explorer.view.chart.outputs[0]["data"]["text/plain"]


def box(explorer, label):
    view = explorer.view
    pools = (*view.fields._pool, *view.row_fields._pool, *view.policies._pool)
    shown = [child for fields in (view.fields, view.row_fields, view.policies) for child in fields.box.children]
    return next(each for each in pools if each.box in shown and label in each.field.label)


def control(explorer, label):
    return box(explorer, label).box.children[0]


def says(explorer, label):
    return box(explorer, label)._says.value
