package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// SMTP is the server that takes the mail that leaves the house.
type SMTP struct {
	Host     string
	Port     int
	User     string // empty: without signing on
	Password string
	From     string // an address, with or without a name
	Plain    bool   // without TLS: for a server on this machine, and for tests
	Timeout  time.Duration
	Log      *slog.Logger
}

// Check returns what is wrong with the settings.
func (s SMTP) Check() error {
	if _, err := netmail.ParseAddress(s.From); err != nil {
		return fmt.Errorf("sender of mail: %w", err)
	}
	_, err := s.client()
	return err
}

func (s SMTP) client() (*mail.Client, error) {
	opts := []mail.Option{
		mail.WithPort(s.Port), mail.WithTimeout(or(s.Timeout, 15*time.Second)), mail.WithTLSPolicy(mail.TLSMandatory),
		mail.WithoutNoop(), mail.WithoutRset(), // nothing after the answer that counts
	}
	if s.Plain {
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS))
	}
	if s.User != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	c, err := mail.NewClient(s.Host, opts...)
	if err != nil {
		return nil, fmt.Errorf("mail server: %w", err)
	}
	return c, nil
}

// Deliver hands one message to the server and says what is known afterwards. Its
// Message-ID is the message's own id, the same at every attempt, so that whoever
// gets it twice can tell.
func (s SMTP) Deliver(ctx context.Context, from tenants.Tenant, m rectification.Message) rectification.Delivery {
	msg, err := s.message(from, m)
	if err != nil {
		s.Log.WarnContext(ctx, "mail refused", slog.String("message", m.ID.String()))
		return rectification.Delivery{Result: rectification.Refused, Answer: "收件地址无效"}
	}
	c, err := s.client()
	if err != nil {
		return rectification.Delivery{Result: rectification.Deferred, Answer: "邮件服务器设置有误"}
	}
	if err := c.DialWithContext(ctx); err != nil {
		s.Log.WarnContext(ctx, "mail server does not answer", slog.String("message", m.ID.String()), slog.Any("error", err))
		return rectification.Delivery{Result: rectification.Deferred, Answer: "未能连接邮件服务器"}
	}
	defer func() { _ = c.Close() }()
	return delivery(msg, c.Send(msg))
}

func (s SMTP) message(from tenants.Tenant, m rectification.Message) (*mail.Msg, error) {
	sender, err := netmail.ParseAddress(s.From)
	if err != nil {
		return nil, err
	}
	sender.Name = from.Short // encoded with whatever it holds
	msg := mail.NewMsg()
	if err := errors.Join(msg.From(sender.String()), msg.To(m.Address)); err != nil {
		return nil, err
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(m.ID.String() + sender.Address[strings.LastIndexByte(sender.Address, '@'):])
	msg.SetGenHeader(mail.Header("Auto-Submitted"), "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, m.Body)
	return msg, nil
}

// delivery says what an attempt came to. Up to the end of the content nothing was
// taken; from then on only an answer of the server tells.
func delivery(msg *mail.Msg, err error) rectification.Delivery {
	if err == nil || msg.IsDelivered() {
		return rectification.Delivery{Result: rectification.Accepted, Answer: "250"}
	}
	e, ok := errors.AsType[*mail.SendError](err)
	if !ok {
		return rectification.Delivery{Result: rectification.Lost, Answer: "发送中断，不能确定邮件服务器是否已接收"}
	}
	code := e.ErrorCode()
	switch {
	case code >= 500:
		return rectification.Delivery{Result: rectification.Refused, Answer: fmt.Sprintf("%d 邮件服务器拒收", code)}
	case code >= 400:
		return rectification.Delivery{Result: rectification.Deferred, Answer: fmt.Sprintf("%d 邮件服务器暂不接收", code)}
	}
	switch e.Reason {
	case mail.ErrWriteContent, mail.ErrSMTPDataClose, mail.ErrAmbiguous:
		return rectification.Delivery{Result: rectification.Lost, Answer: "发送内容时连接中断，不能确定邮件服务器是否已接收"}
	case mail.ErrGetSender, mail.ErrGetRcpts, mail.ErrNoUnencoded:
		return rectification.Delivery{Result: rectification.Refused, Answer: "收件地址无效"}
	default:
		return rectification.Delivery{Result: rectification.Deferred, Answer: "连接中断，邮件未发出"}
	}
}
