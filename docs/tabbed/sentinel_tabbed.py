from sentinel.batcher import Skip
from sentinel.line_format import LineFormat


class Tabbed(LineFormat):
    name = "tabbed"
    begins = "#tabbed"

    def post(self, line):
        if line.startswith("#"):
            return Skip("comment")
        published, author, text = line.split("\t")
        return {"post_id": f"{author} {published}", "published": published, "author": author, "text": text}
