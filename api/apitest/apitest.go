// Package apitest serves the operations over one test's database, with a client
// for each scope. What turns credentials into scopes is replaced (a client's
// token names its scope); everything behind it is real.
package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"xuncha/api"
	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// Server is a house whose operations answer over HTTP.
type Server struct {
	*tenantstest.House
	URL string

	t      testing.TB
	mu     sync.Mutex
	scopes map[string]tenants.Scope
	ended  map[string]bool // tokens of those who have no grant any more
}

// New serves the rooms that build makes.
func New(t testing.TB, build func(h *tenantstest.House) api.Rooms) *Server {
	t.Helper()
	s := &Server{House: tenantstest.New(t), t: t, scopes: map[string]tenants.Scope{}, ended: map[string]bool{}}
	handler := api.Handler(&api.Services{
		DB: s.DB, Log: slog.New(slog.NewTextHandler(testLog{t}, nil)), Clock: inspection.ClockAt(tenantstest.Now),
		Verify: s.verify, Cookie: "xuncha",
		Me:        func(context.Context, string) (api.Me, error) { return api.Me{}, tenants.ErrNoScope },
		CursorKey: []byte("of the tests"),
		Rooms:     build(s.House),
	})
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

func (s *Server) verify(_ context.Context, c api.Credentials) (tenants.Scope, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	scope, ok := s.scopes[c.Token]
	if !ok {
		return scope, tenants.ErrNoScope
	}
	if scope.Office().Slug != c.Office {
		return tenants.Scope{}, inspection.Errorf(inspection.NotFound, "not-found", "没有找到，或你没有查看权限。")
	}
	if s.ended[c.Token] { // as package signon answers, which its own tests see to
		return tenants.Scope{}, inspection.Errorf(inspection.Forbidden, "no-grant", "还没有授权，或授权已到期。请联系%s管理员。", scope.Office().Short)
	}
	return scope, nil
}

// Client sends requests as one scope.
type Client struct {
	s     *Server
	token string
	base  string
}

// As returns a client that acts as scope.
func (s *Server) As(scope tenants.Scope) *Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := scope.Member().String()
	s.scopes[token] = scope
	return &Client{s: s, token: token, base: s.URL + "/v1/offices/" + scope.Office().Slug + "/"}
}

// End ends the only grant of who acts.
func (c *Client) End() { c.grant(true) }

// Renew gives it back.
func (c *Client) Renew() { c.grant(false) }

func (c *Client) grant(ended bool) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.ended[c.token] = ended
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Into reads the body into v.
func (a Answer) Into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(a.Body, v); err != nil {
		t.Fatalf("%v in %s", err, a.Body)
	}
}

// Problem returns the type of the problem that the answer is, without its
// prefix, or "".
func (a Answer) Problem() string {
	var p api.Problem
	_ = json.Unmarshal(a.Body, &p) // anything else is no problem
	return strings.TrimPrefix(p.Type, "/problems/")
}

// Do sends a request; path is below the scope's office. headers are pairs.
func (c *Client) Do(method, path string, body any, headers ...string) Answer {
	c.s.t.Helper()
	var r io.Reader
	if body != nil {
		switch b := body.(type) {
		case string:
			r = strings.NewReader(b)
		case []byte:
			r = bytes.NewReader(b)
		case io.Reader:
			r = b
		default:
			j, err := json.Marshal(b)
			if err != nil {
				c.s.t.Fatal(err)
			}
			r = bytes.NewReader(j)
		}
	}
	url := c.base + path
	if strings.HasPrefix(path, "/") {
		url = c.s.URL + path
	}
	req, err := http.NewRequestWithContext(context.Background(), method, url, r)
	if err != nil {
		c.s.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		c.s.t.Fatal(err)
	}
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: b}
}

// Get reads path into v and fails the test unless the answer is 200.
func (c *Client) Get(path string, v any) Answer {
	c.s.t.Helper()
	a := c.Do(http.MethodGet, path, nil)
	if a.Status != http.StatusOK {
		c.s.t.Fatalf("GET %s = %d %s", path, a.Status, a.Body)
	}
	a.Into(c.s.t, v)
	return a
}

type testLog struct{ t testing.TB }

func (l testLog) Write(b []byte) (int, error) {
	l.t.Logf("%s", bytes.TrimSpace(b))
	return len(b), nil
}
