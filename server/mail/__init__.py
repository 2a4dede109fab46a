"""E-mail: over SMTP, out of the queue."""

from server.mail.service import Composers, Letter, register_jobs, send_later
from server.mail.smtp import MailServer, SmtpMailer

__all__ = ["Composers", "Letter", "MailServer", "SmtpMailer", "register_jobs", "send_later"]
