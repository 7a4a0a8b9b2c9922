package rectification

import (
	"testing"

	"xuncha/tenants/tenantstest"
)

func TestLives(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	tenantstest.Life(t, h, cases, "rectifications_state", "testdata/case.mmd")
	tenantstest.Life(t, h, messages, "messages_state", "testdata/message.mmd")
	tenantstest.Life(t, h, reminders, "reminders_state", "testdata/reminder.mmd")
	tenantstest.Life(t, h, urgings, "urgings_state", "testdata/urging.mmd")
	tenantstest.Life(t, h, imports, "imports_state", "testdata/import.mmd")
	tenantstest.Knows(h, "opinions_verdict", Verdicts()...)
}
