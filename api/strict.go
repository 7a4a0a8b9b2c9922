package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"xuncha/inspection"
)

const (
	maxBody   = 1 << 20 // bytes of a JSON body
	maxDepth  = 32      // of nested arrays and objects
	maxNumber = 32      // characters of a number
)

// readJSON reads a JSON body and refuses what Go's decoder repairs silently:
// broken UTF-8 and lone surrogates would be stored as U+FFFD while the sender
// sees success, and the last of two equal keys would win.
func readJSON(w http.ResponseWriter, r *http.Request) ([]byte, *Problem) {
	if enc := r.Header.Get("Content-Encoding"); enc != "" && enc != "identity" {
		return nil, newProblem(http.StatusUnsupportedMediaType, "unsupported-encoding", "请不要压缩提交的内容。")
	}
	if p := jsonType(r.Header.Get("Content-Type")); p != nil {
		return nil, p
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		w.Header().Set("Connection", "close") // the rest is not read
		return nil, newProblem(http.StatusRequestEntityTooLarge, "too-large", "提交的内容超过 1 MB。")
	}
	if err != nil {
		return nil, newProblem(http.StatusRequestTimeout, "timeout", "内容没有收完，请重试。")
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if p := checkJSON(b); p != nil {
		return nil, p
	}
	return b, nil
}

func jsonType(header string) *Problem {
	mediaType, params, err := mime.ParseMediaType(header)
	if err != nil || (mediaType != "application/json" && mediaType != "application/merge-patch+json") {
		return newProblem(http.StatusUnsupportedMediaType, "unsupported-media-type", "请用 application/json 提交。")
	}
	if cs := params["charset"]; cs != "" && !strings.EqualFold(cs, "utf-8") && !strings.EqualFold(cs, "utf8") {
		return newProblem(http.StatusUnsupportedMediaType, "unsupported-charset", "请用 UTF-8 编码提交。")
	}
	return nil
}

// checkJSON checks what the grammar leaves open. It looks at the bytes before
// anything is decoded.
func checkJSON(b []byte) *Problem {
	if at := invalidUTF8(b); at >= 0 {
		return newProblem(http.StatusBadRequest, "invalid-utf8",
			fmt.Sprintf("第 %d 字节不是有效的 UTF-8，请用 UTF-8 保存后再提交。", at+1))
	}
	if !json.Valid(b) {
		return invalidJSON(b)
	}
	if loneSurrogate(b) {
		return newProblem(http.StatusBadRequest, "lone-surrogate", "文字含有不完整的字符，请重新输入后提交。")
	}
	s := scanner{dec: json.NewDecoder(bytes.NewReader(b))}
	s.dec.UseNumber()
	return s.value("", 0)
}

func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return -1
}

func invalidJSON(b []byte) *Problem {
	var v any
	at := len(b)
	if e, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(b, &v)); ok {
		at = int(e.Offset)
	}
	return newProblem(http.StatusBadRequest, "invalid-json",
		fmt.Sprintf("内容在第 %d 字节处不是有效的 JSON，请检查括号、引号是否为半角。", at))
}

// loneSurrogate finds a \ud800 to \udfff that is not half of a pair. b is valid
// JSON, so a backslash only stands in strings and \u has four digits.
func loneSurrogate(b []byte) bool {
	unit := func(i int) (u uint32, ok bool) {
		if i+6 > len(b) || b[i] != '\\' || b[i+1] != 'u' {
			return 0, false
		}
		_, err := fmt.Sscanf(string(b[i+2:i+6]), "%04x", &u)
		return u, err == nil
	}
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			continue
		}
		u, ok := unit(i)
		switch {
		case !ok:
			i++ // an escaped character
		case u >= 0xdc00 && u <= 0xdfff:
			return true
		case u >= 0xd800 && u <= 0xdbff:
			if low, ok := unit(i + 6); !ok || low < 0xdc00 || low > 0xdfff {
				return true
			}
			i += 11
		default:
			i += 5
		}
	}
	return false
}

// scanner walks a valid JSON text for equal keys, depth, long numbers and
// control characters.
type scanner struct{ dec *json.Decoder }

func (s *scanner) value(pointer string, depth int) *Problem {
	token, err := s.dec.Token()
	if err != nil {
		return newProblem(http.StatusBadRequest, "invalid-json", "内容不是有效的 JSON。")
	}
	switch t := token.(type) {
	case json.Delim:
		if depth == maxDepth {
			return newProblem(http.StatusBadRequest, "too-deep", "内容嵌套过深。")
		}
		if t == '{' {
			return s.object(pointer, depth+1)
		}
		return s.array(pointer, depth+1)
	case json.Number:
		if len(t) > maxNumber {
			return about(http.StatusUnprocessableEntity, "number-range", pointer, "数字过长。")
		}
		if _, err := t.Float64(); err != nil {
			return about(http.StatusUnprocessableEntity, "number-range", pointer, "数字超出范围。")
		}
	case string:
		return control(t, pointer)
	}
	return nil
}

func (s *scanner) object(pointer string, depth int) *Problem {
	seen := map[string]bool{}
	for s.dec.More() {
		token, err := s.dec.Token()
		key, ok := token.(string)
		if err != nil || !ok {
			return newProblem(http.StatusBadRequest, "invalid-json", "内容不是有效的 JSON。")
		}
		at := pointer + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
		if seen[key] {
			return about(http.StatusBadRequest, "duplicate-key", at, "同一字段出现了两次。")
		}
		seen[key] = true
		if p := s.value(at, depth); p != nil {
			return p
		}
	}
	_, _ = s.dec.Token() // the closing brace: the text is valid
	return nil
}

func (s *scanner) array(pointer string, depth int) *Problem {
	for i := 0; s.dec.More(); i++ {
		if p := s.value(fmt.Sprintf("%s/%d", pointer, i), depth); p != nil {
			return p
		}
	}
	_, _ = s.dec.Token()
	return nil
}

// control refuses the characters that nobody types and PostgreSQL or a reader
// would choke on. Tabs and line ends pass.
func control(text, pointer string) *Problem {
	for _, r := range text {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r <= 0x9f {
			return about(http.StatusUnprocessableEntity, "control-character", pointer, "文字含有不可见的控制字符，请删除后再提交。")
		}
	}
	return nil
}

// about is a problem with one part of the input.
func about(status int, code, pointer, message string) *Problem {
	p := newProblem(status, code, message)
	p.Errors = []inspection.Field{{Pointer: pointer, Code: code, Message: message}}
	return p
}
