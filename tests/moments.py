"""Every moment that an office file tells, in its archive, its properties and the workbooks inside it."""

import io
import re
import zipfile


def moments(office_file):
    """As (year, month, day, hour, minute, second)."""
    found = set()
    with zipfile.ZipFile(io.BytesIO(office_file)) as archive:
        for part in archive.infolist():
            found.add(part.date_time)
            content = archive.read(part)
            if part.filename.endswith(".xlsx"):
                found |= moments(content)
            elif part.filename == "docProps/core.xml":
                stamps = re.findall(r">(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z<", content.decode())
                assert stamps
                found |= {tuple(map(int, stamp)) for stamp in stamps}
    return found
