"""The widget kit. Everything paints with tokens, so nothing has to be told of a switch of theme.

- ``spans``: ``Span``, ``plain``, ``strong``, ``link``, ``text_of``: a sentence in typed pieces (no Qt, no markup).
- ``labels.label(text, role, token)``: the only maker of ``QLabel``; always plain text. ``labels.buddy(text, field)``
  for one with a mnemonic; ``labels.figure()`` for numbers that change. ``tips.tip(words)``: the one way to a
  tooltip.
- ``sentence.Sentence``: draws spans, wraps, reports ``link_activated(name)``; ``set_spans(spans, glyph, token)``.
  ``verdict_line.VerdictLine``: the same on two reserved lines (32 px).
- ``buttons.Button(text, Kind, glyph=, key_hint=)``; ``segments.Segments(texts, name)``: one tab stop, ``chosen(int)``.
- ``tones.Tone``, ``tones.FieldTone``: what a colour says (no Qt). ``chip.Chip``, ``chip.paint_chip``,
  ``chip.chip_width``: 20 px chips for layouts and delegates.
- ``panel.PanelHeader(title)``, ``panel.Rule``, ``panel.Panel``, ``panel.ScrollArea``, ``panel.column``, ``panel.row``.
- ``cover.Cover(window)``: lies over the window and keeps keys and focus inside.
- ``splitter.Splitter(orientation)``: a line of 1 px, a grip of 7 px. ``scroll_bar.ThinScrollBar``: for tables.
- ``announcer.Announcer``: what changed, told to assistive technology at most once a second.
- ``field_edit.FieldEdit``, ``price_edit.PriceEdit``: the boxes of the ticket.
- ``toast.ToastHost``: at most three, bottom right; ``say(text)``, ``complain(text)``; keeps a log.
- ``rows_model.RowsModel``: a table model fed with columns and rows.
  ``row_table.RowTable``: the table for it, without a grid and with one tab stop.
- ``paint``: ``box``, ``focus_ring``, ``text`` and ``elided`` for widgets and delegates that draw themselves;
  ``icon_text`` for an icon with one line of text. What was drawn once is kept: a key repaints much and changes little.
"""
