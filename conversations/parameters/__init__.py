"""Parameters of the model's API, a slice: what they are, who may set them, and what is sent.

`definitions` is the table of them, `json_schema` checks a schema in a helper process (by way of
`schema_check`), `models` holds what administrators decide, `effective` works out what is sent and
where that comes from, `wording` says it, `forms` reads what people type; `services` and `views`
save and show it (decision 0044).
"""
