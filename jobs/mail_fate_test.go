package jobs_test

import (
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// fates are what a mail server does to a message, by the first part of the address.
var fates = []string{"fine", "later", "never", "cut", "kept", "silent", "dropped"}

// fickle is a mail server that treats each message by its fate. "later" is put off
// once; "cut" loses the connection after the content without keeping it, "kept" keeps
// it, "silent" never answers, and "dropped" loses the connection before the content.
type fickle struct {
	sync.Mutex
	got  map[string][]string // Message-IDs that were kept, by address
	said map[string]int      // how often an address was named
	ids  map[string][]string // Message-IDs that were sent, kept or not
}

type fickleSession struct {
	*fickle
	conn *smtp.Conn
	to   string
}

func (f *fickle) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &fickleSession{fickle: f, conn: c}, nil
}
func (s *fickleSession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *fickleSession) Reset()                               {}
func (s *fickleSession) Logout() error                        { return nil }

func (s *fickleSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	s.Lock()
	defer s.Unlock()
	s.said[to]++
	switch fate, _, _ := strings.Cut(to, "-"); {
	case fate == "never":
		return &smtp.SMTPError{Code: 550, Message: "nobody"}
	case fate == "later" && s.said[to] == 1:
		return &smtp.SMTPError{Code: 451, Message: "later"}
	case fate == "dropped" && s.said[to] == 1:
		_ = s.conn.Conn().Close()
	}
	return nil
}

func (s *fickleSession) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	msg, err := mail.ReadMessage(strings.NewReader(string(content)))
	if err != nil {
		return err
	}
	id := msg.Header.Get("Message-ID")
	fate, _, _ := strings.Cut(s.to, "-")
	s.Lock()
	s.ids[s.to] = append(s.ids[s.to], id)
	if fate != "cut" {
		s.got[s.to] = append(s.got[s.to], id)
	}
	s.Unlock()
	switch fate {
	case "silent":
		time.Sleep(1500 * time.Millisecond)
	case "cut", "kept":
		_ = s.conn.Conn().Close()
	}
	return nil
}

// TestMailFates sends the mail of one scan through a server that loses connections
// before and after the content, refuses, puts off and falls silent: the notice
// in the house is there once whatever becomes of its mail; no mail arrives twice; what
// nobody knows the end of stands in the list of a person and is not sent again; each
// attempt has the Message-ID of the one before.
func TestMailFates(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office := h.County[0][0]
	unit := h.Unit(office, "县农业农村局")
	h.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
		values ($1, gen_random_uuid(), 'KA-05-01-001', $2, $3, 1, 1, '某问题', '2026-07-10 09:00+08', '2026-07-10')`, office.ID, h.Round(office), unit)
	h.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, due_set_at, issued_at)
		select tenant_id, id, unit_id, 'working', '2026-12-05', issued_at, issued_at from findings`)
	each := sized(3, 36)
	for n := range each {
		for _, fate := range fates {
			person := h.As(office, tenants.UNIT, unit)
			h.Root(`update members set email = $2 where id = $1`, person.Member(), fmt.Sprintf("%s-%d@example.org", fate, n))
		}
	}
	server := &fickle{got: map[string][]string{}, said: map[string]int{}, ids: map[string][]string{}}
	s := served(t, server)
	outbox := &rectification.Outbox{DB: h.Jobs, Clock: clock, Deliver: s.Deliver}
	reminders := &rectification.Reminders{DB: h.Jobs, Clock: clock, Calendar: cal, Outbox: outbox}
	job := tenants.ForJob(office, "mail")
	if err := reminders.Scan(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := outbox.Send(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		h.Root(`update messages set not_before = now() where state = 'ready'`)
	}
	if n := tenantstest.RootValue[int](h, `select count(*) from reminders`); n != 1 {
		t.Errorf("%d notices in the house, want 1", n)
	}
	wanted := map[string]string{
		"fine": "sent", "later": "sent", "never": "failed", "cut": "unknown", "kept": "unknown", "silent": "unknown", "dropped": "sent",
	}
	for n := range each {
		for _, fate := range fates {
			to := fmt.Sprintf("%s-%d@example.org", fate, n)
			if got := tenantstest.RootValue[string](h, `select state from messages where address = $1`, to); got != wanted[fate] {
				t.Errorf("mail to %s is %s, want %s", to, got, wanted[fate])
			}
			if len(server.got[to]) > 1 {
				t.Errorf("%d mails arrived at %s", len(server.got[to]), to)
			}
			if ids := slices.Compact(server.ids[to]); len(ids) > 1 {
				t.Errorf("attempts for %s have different Message-IDs: %v", to, ids)
			}
		}
	}
	open := &rectification.Outbox{DB: h.DB, Clock: clock}
	unknown, err := open.Messages(t.Context(), h.As(office, tenants.OFF), []rectification.MessageState{rectification.MessageUnknown})
	if err != nil || len(unknown) != min(3*each, 100) {
		t.Errorf("a person sees %d of unknown end, %v; want %d", len(unknown), err, 3*each)
	}
	t.Logf("R-13: %d mails of 7 fates: 1 notice in the house, 0 arrived twice, %d unknown for a person", 7*each, 3*each)
}
