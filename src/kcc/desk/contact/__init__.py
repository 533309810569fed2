"""The contact beside the article: begun with a key, finished with one."""
