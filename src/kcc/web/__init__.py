"""Page shell, templates, problems, OpenAPI, headers, forms, i18n."""
