package inspection

import "github.com/google/uuid"

// Identifiers are version 7 UUIDs: they sort by time, say nothing about how
// many there are, and are keys within a tenant. Each thing has a type of its
// own, so that the compiler notices a finding passed for a measure.
type (
	// FindingID names a finding (问题) and the case of its rectification.
	FindingID struct{ uuid.UUID }
	// MeasureID names one measure (措施) of a finding.
	MeasureID struct{ uuid.UUID }
	// PlanID names one edition of a unit's plan (整改方案).
	PlanID struct{ uuid.UUID }
	// ReportID names one edition of a report that a unit owes (整改进展情况报告).
	ReportID struct{ uuid.UUID }
	// HeadActID names one thing that a unit's head did about the rectification.
	HeadActID struct{ uuid.UUID }
	// ExtensionID names a request for more time (延期申请).
	ExtensionID struct{ uuid.UUID }
	// EvidenceID names one file handed in as evidence (佐证).
	EvidenceID struct{ uuid.UUID }
	// EvidenceNoteID names what a reviewer noted on a page of evidence (批注).
	EvidenceNoteID struct{ uuid.UUID }
	// DoubtID names a signal of doubt (存疑待核).
	DoubtID struct{ uuid.UUID }
	// UploadID names an upload under way.
	UploadID struct{ uuid.UUID }
	// UnitID names an inspected unit (巡察对象).
	UnitID struct{ uuid.UUID }
	// RoundID names a round (轮次).
	RoundID struct{ uuid.UUID }
	// ImportID names one import of a ledger.
	ImportID struct{ uuid.UUID }
	// ReminderID names one rung of an item's ladder that was climbed (催办).
	ReminderID struct{ uuid.UUID }
	// MessageID names one e-mail.
	MessageID struct{ uuid.UUID }
	// NoticeID names a notice sent down (通报).
	NoticeID struct{ uuid.UUID }
	// DeliveryID names one recipient's part of a notice (送达).
	DeliveryID struct{ uuid.UUID }
	// EscalationID names a matter raised to the level above (提请统筹).
	EscalationID struct{ uuid.UUID }
	// DisclosureID names a text for the public (公开稿).
	DisclosureID struct{ uuid.UUID }
	// OpinionID names what somebody of the public said about a published text (意见).
	OpinionID struct{ uuid.UUID }
	// MemberID names a person's membership in one office.
	MemberID struct{ uuid.UUID }
	// GrantID names one authorisation (授权).
	GrantID struct{ uuid.UUID }
)

// NewID returns a fresh identifier, as in NewID[FindingID]().
func NewID[T ~struct{ uuid.UUID }]() T { return T{uuid.Must(uuid.NewV7())} }

// ParseID reads an identifier. Anything but the 36-character lower-case form is
// NotFound: a malformed name and an unknown one must look alike.
func ParseID[T ~struct{ uuid.UUID }](s string) (T, error) {
	id, err := uuid.Parse(s)
	if err != nil || id.String() != s {
		return T{}, Errorf(NotFound, "not-found", "没有找到，或你没有查看权限。")
	}
	return T{id}, nil
}
