package signon_test

import (
	"encoding/base64"
	"encoding/pem"
)

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

func base64URL(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func pemOf(der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}) }
