package signon

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"time"
)

// Config says which portal lets people in, and how we ask it. Providers name
// claims and levels in their own ways: all of that is here.
type Config struct {
	Issuer       string // the portal, exactly as its tokens name it
	ClientID     string
	ClientSecret string
	BaseURL      string // how browsers reach us, such as "https://xuncha.example"

	Scopes    []string   // beyond openid
	Claims    ClaimNames // what the portal calls what it says of a person
	StrongACR []string   // acr values that mean a second factor; the first is what we ask for

	Idle    time.Duration // how long a session may rest
	Longest time.Duration // how long it may last at all

	Now    func() time.Time // the clock that the portal's tokens are measured by; nil for the machine's
	Notice string           // a line for the foot of every page
	Log    *slog.Logger
}

// ClaimNames are the names of the claims that describe a person.
type ClaimNames struct{ Name, OrgCode, OrgName, Post string }

// Defaults returns the configuration as shipped: the development portal's
// scopes, claims and levels, sessions that rest for half an hour and last ten.
func Defaults() Config {
	return Config{
		Scopes:    []string{"profile", "portal"},
		Claims:    ClaimNames{Name: "name", OrgCode: "org_code", OrgName: "org_name", Post: "post"},
		StrongACR: []string{"urn:xuncha:acr:2"},
		Idle:      30 * time.Minute,
		Longest:   10 * time.Hour,
		Now:       time.Now,
		Log:       slog.Default(),
	}
}

// check reports everything that is wrong with the configuration.
func (c Config) check() error {
	var errs []error
	for name, address := range map[string]string{"issuer": c.Issuer, "base address": c.BaseURL} {
		u, err := url.Parse(address)
		switch {
		case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
			errs = append(errs, fmt.Errorf("%s %q is no address", name, address))
		case u.Scheme != "https" && !plainLoopback(address):
			errs = append(errs, fmt.Errorf("%s %q must be https", name, address))
		}
	}
	if u, err := url.Parse(c.BaseURL); err == nil && u.Path != "" {
		errs = append(errs, errors.New("the base address has a path: cookies with the __Host- prefix need the root"))
	}
	if c.ClientID == "" || c.ClientSecret == "" {
		errs = append(errs, errors.New("client id or secret is missing"))
	}
	if c.Claims.Name == "" || c.Claims.OrgCode == "" || len(c.StrongACR) == 0 {
		errs = append(errs, errors.New("the names of claims or of strong levels are missing"))
	}
	if c.Idle <= 0 || c.Longest < c.Idle {
		errs = append(errs, errors.New("sessions must last at least as long as they may rest"))
	}
	return errors.Join(errs...)
}

// plainLoopback reports whether an address is http on this machine.
func plainLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
