# SPDX-License-Identifier: BSD-2-Clause
"""What a laboratory server says on its submission port."""

CAPABILITIES = ("PIPELINING", "SIZE 52428800", "STARTTLS", "ENHANCEDSTATUSCODES", "8BITMIME")


class Dialogue:
    """One session: bytes in, bytes out. done is set once the session is to be closed."""

    def __init__(self, name):
        self.name = name
        self.pending = b""
        self.done = False

    def greeting(self):
        return f"220 {self.name} ESMTP\r\n".encode()

    def feed(self, data):
        self.pending += data
        answers = []
        while b"\n" in self.pending and not self.done:
            line, self.pending = self.pending.split(b"\n", 1)
            answers.append(self.answer(line.decode("ascii", "replace").strip()))
        if len(self.pending) > 4096:
            self.done = True
        return "".join(answers).encode()

    def answer(self, line):
        verb = line.split(" ")[0].upper()
        if verb in ("EHLO", "LHLO"):
            lines = (self.name, *CAPABILITIES)
            return "".join(f"250{'-' if index + 1 < len(lines) else ' '}{text}\r\n"
                           for index, text in enumerate(lines))
        if verb == "HELO":
            return f"250 {self.name}\r\n"
        if verb in ("NOOP", "RSET"):
            return "250 2.0.0 Ok\r\n"
        if verb == "QUIT":
            self.done = True
            return "221 2.0.0 Bye\r\n"
        if verb == "STARTTLS":
            return "454 4.7.0 TLS not available\r\n"
        if verb in ("MAIL", "RCPT", "DATA", "AUTH"):
            return "530 5.7.0 Must issue a STARTTLS command first\r\n"
        return "500 5.5.2 Error: command not recognized\r\n"
