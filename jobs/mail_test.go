package jobs_test

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/jobs"
	"xuncha/tenants"
)

// postOffice is a mail server that behaves as it is told.
type postOffice struct {
	sync.Mutex
	rcpt, data error // what it answers
	cut        bool  // closes the connection after the content, without an answer
	keep       bool  // and has taken the message all the same
	slow       bool  // never answers
	got        []string
}

type postSession struct {
	office *postOffice
	conn   *smtp.Conn
}

func (p *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) { return &postSession{p, c}, nil }

func (s *postSession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *postSession) Rcpt(string, *smtp.RcptOptions) error { return s.office.rcpt }
func (s *postSession) Reset()                               {}
func (s *postSession) Logout() error                        { return nil }

func (s *postSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	o := s.office
	o.Lock()
	defer o.Unlock()
	if o.data == nil && (!o.cut || o.keep) {
		o.got = append(o.got, string(b))
	}
	if o.slow {
		time.Sleep(3 * time.Second)
	}
	if o.cut {
		return errors.Join(s.conn.Conn().Close(), errors.New("gone"))
	}
	return o.data
}

// serve lets the post office listen and returns how to reach it.
func (p *postOffice) serve(t testing.TB) jobs.SMTP {
	t.Helper()
	return served(t, p)
}

// served lets a mail server listen and returns how to reach it.
func served(t testing.TB, backend smtp.Backend) jobs.SMTP {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(backend)
	server.Domain = "localhost"
	go func() { _ = server.Serve(ln) }()
	t.Cleanup(func() { _ = server.Close() })
	return jobs.SMTP{
		Host: "127.0.0.1", Port: ln.Addr().(*net.TCPAddr).Port, From: "no-reply@xuncha.example", Plain: true,
		Timeout: time.Second, Log: slog.New(slog.DiscardHandler),
	}
}

// TestSMTP: what the server does decides what is known.
func TestSMTP(t *testing.T) {
	t.Parallel()
	code := func(n int) error { return &smtp.SMTPError{Code: n, Message: "no: unit@example.org"} }
	tests := []struct {
		name   string
		office postOffice
		want   rectification.DeliveryResult
	}{
		{"taken", postOffice{}, rectification.Accepted},
		{"nobody there now", postOffice{rcpt: code(450)}, rectification.Deferred},
		{"nobody there", postOffice{rcpt: code(550)}, rectification.Refused},
		{"content refused", postOffice{data: code(554)}, rectification.Refused},
		{"content put off", postOffice{data: code(451)}, rectification.Deferred},
		{"cut after the content", postOffice{cut: true}, rectification.Lost},
		{"taken, and the answer lost", postOffice{cut: true, keep: true}, rectification.Lost},
		{"no answer", postOffice{slow: true}, rectification.Lost},
	}
	for i := range tests {
		tt := &tests[i]
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := rectification.Message{ID: inspection.NewID[inspection.MessageID](), Address: "unit@example.org", Subject: "整改事项提醒", Body: "你有 1 件整改事项今天到期，请登录查看。\n"}
			got := tt.office.serve(t).Deliver(t.Context(), tenants.Tenant{Short: "青榆县委巡察办"}, m)
			if got.Result != tt.want {
				t.Errorf("result = %+v, want %s", got, tt.want)
			}
			if strings.Contains(got.Answer, "@") {
				t.Errorf("the answer carries an address: %q", got.Answer)
			}
		})
	}
	t.Run("no server", func(t *testing.T) {
		t.Parallel()
		s := jobs.SMTP{Host: "127.0.0.1", Port: 1, From: "a@xuncha.example", Plain: true, Timeout: time.Second, Log: slog.New(slog.DiscardHandler)}
		if got := s.Deliver(t.Context(), tenants.Tenant{}, rectification.Message{Address: "unit@example.org"}); got.Result != rectification.Deferred {
			t.Errorf("result = %+v", got)
		}
	})
	t.Run("no address", func(t *testing.T) {
		t.Parallel()
		var o postOffice
		s := o.serve(t)
		got := s.Deliver(t.Context(), tenants.Tenant{}, rectification.Message{Address: "unit@example.org\r\nBcc: x@example.org"})
		if got.Result != rectification.Refused || len(o.got) != 0 {
			t.Errorf("result = %+v, %d mails", got, len(o.got))
		}
	})
}

// TestMailText reads the mail as it arrives.
func TestMailText(t *testing.T) {
	t.Parallel()
	var o postOffice
	s := o.serve(t)
	m := rectification.Message{ID: inspection.NewID[inspection.MessageID](), Address: "unit@example.org", Subject: "整改事项提醒", Body: "你有 1 件整改事项今天到期，请登录查看。\n"}
	if d := s.Deliver(t.Context(), tenants.Tenant{Short: "青榆县委巡察办"}, m); d.Result != rectification.Accepted {
		t.Fatal(d)
	}
	got, err := mail.ReadMessage(strings.NewReader(o.got[0]))
	if err != nil {
		t.Fatal(err)
	}
	if id := got.Header.Get("Message-ID"); id != "<"+m.ID.String()+"@xuncha.example>" {
		t.Errorf("Message-ID is %s", id)
	}
	if got.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Error("answering machines will answer")
	}
}

// TestMailHeaders: nothing that a name or a subject holds becomes a header or a
// recipient of its own (BI-206 to BI-208).
func TestMailHeaders(t *testing.T) {
	t.Parallel()
	const injected = "\r\nBcc: x@example.org\r\nX-Evil: 1"
	for name, m := range map[string]struct{ short, subject, address string }{
		"plain":                  {"青榆县委巡察办", "整改事项提醒", "unit@example.org"},
		"line ends in a name":    {"青榆县委巡察办" + injected, "整改事项提醒", "unit@example.org"},
		"line ends in subject":   {"青榆县委巡察办", "整改事项提醒" + injected, "unit@example.org"},
		"bare line feeds":        {"青榆\nBcc: x@example.org", "提醒\nBcc: x@example.org", "unit@example.org"},
		"quotes and brackets":    {`县委"巡察办" <x@example.org>`, "<提醒>", "unit@example.org"},
		"beyond the first plane": {"𠮷县🐟巡察办", "𬎆某", "unit@example.org"},
		"two addresses":          {"青榆县委巡察办", "整改事项提醒", "unit@example.org, x@example.org"},
		"no address":             {"青榆县委巡察办", "整改事项提醒", "unit"},
		"300 characters":         {"青榆县委巡察办", "整改事项提醒", strings.Repeat("a", 300) + "@"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var o postOffice
			d := o.serve(t).Deliver(t.Context(), tenants.Tenant{Short: m.short}, rectification.Message{
				ID: inspection.NewID[inspection.MessageID](), Address: m.address, Subject: m.subject, Body: "请登录查看。\n",
			})
			if m.address != "unit@example.org" {
				if d.Result != rectification.Refused || len(o.got) != 0 {
					t.Errorf("%+v, %d mails; want none", d, len(o.got))
				}
				return
			}
			if d.Result != rectification.Accepted {
				t.Fatal(d)
			}
			got, err := mail.ReadMessage(strings.NewReader(o.got[0]))
			if err != nil {
				t.Fatal(err)
			}
			if got.Header.Get("Bcc") != "" || got.Header.Get("X-Evil") != "" {
				t.Errorf("a header got in: %v", got.Header)
			}
			from, err := got.Header.AddressList("From")
			if err != nil || len(from) != 1 || from[0].Address != "no-reply@xuncha.example" {
				t.Errorf("from %v, %v", from, err)
			}
			if to, err := got.Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != "unit@example.org" {
				t.Errorf("to %v, %v", to, err)
			}
			if name == "quotes and brackets" && from[0].Name != m.short {
				t.Errorf("from %q, want %q", from[0].Name, m.short)
			}
		})
	}
}
