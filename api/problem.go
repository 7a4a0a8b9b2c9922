package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Problem is what every failure is answered with (RFC 9457). It never repeats
// what was sent, and says nothing of how we work inside.
type Problem struct {
	Type     string             `json:"type" doc:"/problems/ and the stable name of what went wrong"`
	Title    string             `json:"title"`
	Status   int                `json:"status"`
	Detail   string             `json:"detail" doc:"One Chinese sentence: what did not happen, why, and what to do"`
	Instance string             `json:"instance,omitempty" doc:"The request's number, to tell support"`
	Errors   []inspection.Field `json:"errors,omitempty"`
	Current  any                `json:"current,omitempty" doc:"What the row is now, when somebody else changed it first"`
}

// Error returns the type and the detail, for logs.
func (p *Problem) Error() string { return p.Type + ": " + p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders says when to try again, where waiting is all there is to do.
func (p *Problem) GetHeaders() http.Header {
	switch {
	case p.Status == http.StatusTooManyRequests, p.Type == "/problems/in-progress":
		return http.Header{"Retry-After": {"1"}}
	case p.Status == http.StatusServiceUnavailable:
		return http.Header{"Retry-After": {"5"}}
	}
	return nil
}

// ContentType makes huma send application/problem+json.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

func newProblem(status int, code, detail string) *Problem {
	return &Problem{Type: "/problems/" + code, Title: http.StatusText(status), Status: status, Detail: detail}
}

var statusOf = map[inspection.Kind]int{
	inspection.NotFound:    http.StatusNotFound,
	inspection.Invalid:     http.StatusUnprocessableEntity,
	inspection.Conflict:    http.StatusConflict,
	inspection.Stale:       http.StatusPreconditionFailed,
	inspection.Forbidden:   http.StatusForbidden,
	inspection.Unsigned:    http.StatusUnauthorized,
	inspection.Busy:        http.StatusTooManyRequests,
	inspection.Unavailable: http.StatusServiceUnavailable,
	inspection.TooLarge:    http.StatusRequestEntityTooLarge,
	inspection.Full:        http.StatusInsufficientStorage,
}

// problem turns err into a [Problem]. What we did not foresee is logged in full
// and told to nobody.
func (s *Services) problem(ctx context.Context, operation string, err error) *Problem {
	if inspection.Abandoned(ctx, err) {
		s.logGone(ctx, operation, err)
		return newProblem(statusGone, "gone", "请求已取消。")
	}
	p := known(err)
	if p == nil {
		s.Log.ErrorContext(ctx, "operation failed", slog.String("operation", operation), slog.Any("error", err))
		p = newProblem(http.StatusInternalServerError, "internal", "暂时无法完成，内容已保留在页面上。请稍后重试。")
	}
	p.Instance = requestID(ctx)
	return p
}

func known(err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return new(*p)
	}
	if errors.Is(err, tenants.ErrNoScope) {
		return newProblem(http.StatusUnauthorized, "sign-in", "请先登录。")
	}
	e, ok := errors.AsType[*inspection.Error](err)
	if !ok || e.Kind == inspection.Internal {
		return nil
	}
	p := newProblem(statusOf[e.Kind], e.Code, e.Detail)
	p.Errors, p.Current = e.Fields, e.Current
	return p
}

// What huma says by itself, in the house's words. huma keeps these in package
// variables; they are set once, before any operation is registered.
func init() {
	huma.ValidateStrictCasing = true // {"title":"ok","TITLE":"<too long>"} would pass otherwise
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		code, detail := "invalid", "提交的内容不符合要求，请按提示修改。"
		switch status {
		case http.StatusNotAcceptable:
			code, detail = "not-acceptable", "只提供 JSON 格式的回答。"
		case http.StatusUnsupportedMediaType:
			code, detail = "unsupported-media-type", "请用 application/json 提交。"
		case http.StatusRequestEntityTooLarge:
			code, detail = "too-large", "提交的内容过大。"
		case http.StatusInternalServerError:
			code, detail = "internal", "暂时无法完成，内容已保留在页面上。请稍后重试。"
		case http.StatusRequestTimeout:
			code, detail = "timeout", "接收超时，请重试。"
		case http.StatusBadRequest, http.StatusUnprocessableEntity:
			code, status = "validation", http.StatusUnprocessableEntity
		}
		p := newProblem(status, code, detail)
		for _, err := range errs {
			p.Errors = append(p.Errors, field(err))
			if strings.HasPrefix(p.Errors[len(p.Errors)-1].Pointer, "#/path/") {
				// A malformed name and an unknown one look alike.
				return newProblem(http.StatusNotFound, "not-found", "没有找到，或你没有查看权限。")
			}
		}
		if len(p.Errors) > 0 && strings.HasPrefix(p.Errors[0].Code, "unknown-") {
			p.Type, p.Detail = "/problems/"+p.Errors[0].Code, "提交的内容含有不认识的字段。"
		}
		return p
	}
	for msg, text := range messages {
		*msg = text
	}
}

// field turns huma's report into ours: a pointer, a code and a sentence. huma
// puts the submitted value into its report; it is left behind.
func field(err error) inspection.Field {
	d, ok := errors.AsType[*huma.ErrorDetail](err)
	if !ok {
		return inspection.Field{Code: "invalid", Message: "此项不符合要求。"}
	}
	f := inspection.Field{Code: "invalid", Message: "此项不符合要求。", Pointer: pointer(d.Location)}
	switch code, text, said := strings.Cut(d.Message, "|"); {
	case said:
		f.Code, f.Message = code, text
	case d.Message == "unknown query parameter":
		f.Code, f.Message = "unknown-parameter", "不认识的查询参数。"
	case strings.HasPrefix(d.Message, "required "):
		f.Code, f.Message = "required", "此项必填。"
	}
	return f
}

// pointer turns body.items[3].title into /items/3/title; parameters keep where
// they stand, as in #/query/limit.
func pointer(location string) string {
	location = strings.NewReplacer("[", ".", "]", "").Replace(location)
	parts := strings.Split(location, ".")
	if parts[0] == "body" {
		return strings.Join(append([]string{""}, parts[1:]...), "/")
	}
	return "#/" + strings.Join(parts, "/")
}

// messages are huma's sentences, as "code|sentence".
var messages = map[*string]string{
	&validation.MsgUnexpectedProperty:       "unknown-field|不认识的字段。",
	&validation.MsgExpectedRequiredProperty: "required|缺少必填项 %s。",
	&validation.MsgExpectedRFC3339DateTime:  "offset-required|时间应带时区，如 2026-02-20T10:00:00+08:00。",
	&validation.MsgExpectedRFC3339Date:      "date|日期应写成 2026-10-15 的样子。",
	&validation.MsgExpectedRFC4122UUID:      "id|编号格式不正确（%.0v）。",
	&validation.MsgExpectedString:           "type|此项应为文字。",
	&validation.MsgExpectedBoolean:          "type|此项应为是或否。",
	&validation.MsgExpectedNumber:           "type|此项应为数字。",
	&validation.MsgExpectedInteger:          "type|此项应为整数。",
	&validation.MsgExpectedArray:            "type|此项应为列表。",
	&validation.MsgExpectedObject:           "type|此项应为对象。",
	&validation.MsgExpectedOneOf:            "choice|不在可选范围内，请重新选择。%.0s",
	&validation.MsgExpectedMinimumNumber:    "number-range|不能小于 %v。",
	&validation.MsgExpectedMaximumNumber:    "number-range|不能大于 %v。",
	&validation.MsgExpectedMinLength:        "too-short|至少 %d 个字。",
	&validation.MsgExpectedMaxLength:        "too-long|最多 %d 个字。",
	&validation.MsgExpectedMinItems:         "too-few-items|至少 %d 项。",
	&validation.MsgExpectedMaxItems:         "too-many-items|最多 %d 项。",
	&validation.MsgExpectedMatchPattern:     "pattern|格式不正确（%s）。",
	&validation.MsgExpectedBePattern:        "pattern|格式不正确（%s）。",
	&validation.MsgExpectedArrayItemsUnique: "duplicate|列表中有重复。",
}
