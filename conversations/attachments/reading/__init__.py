"""What is in a file: pictures, pages, text. Runs in a helper process that may be killed
(docs/decisions/0037).

answering     from the request to the answer; what the helper calls
recognition   what a file is, by its content
images, pdfs, texts, documents, html, packages   one kind each
patches       how large a picture the model looks at
framing, values   what both sides share

The package knows neither Django nor the database, and the helper alone imports what reads files;
`values`, `framing` and `patches` need nothing and are for the server too.
"""
