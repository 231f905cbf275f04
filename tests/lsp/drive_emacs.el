;; Drives a real Emacs, with the snippet of docs/editors.md, as a user would; prints what there is to see.
(require 'package)
(package-activate-all)
(require 'cl-lib)
(require 'seq)
;; The real terraform-mode is not in Debian; only its name and its hook matter here.
(define-derived-mode terraform-mode prog-mode "Terraform")
(add-to-list 'auto-mode-alist '("\\.tf\\'" . terraform-mode))

(defun wait (what condition)
  (with-timeout (15 (message "timed out: %s" what) (kill-emacs 1))
    (while (not (funcall condition))
      (accept-process-output nil 0.02)
      ;; In batch mode there are no commands and no idle time; run what waits for them.
      (run-hooks 'post-command-hook)
      (mapc #'timer-event-handler (copy-sequence timer-idle-list)))))

(defun found (code)
  (seq-filter (lambda (each) (string-match-p (regexp-quote code) (flymake-diagnostic-text each))) (flymake-diagnostics)))
(defun until-found (code)
  (wait code (lambda () (found code)))
  (car (found code)))
(defun until-gone (code)
  (wait (concat "no " code) (lambda () (not (found code)))))

(load (getenv "SNIPPET") nil t)
(find-file (getenv "FILE"))
(unless (derived-mode-p 'terraform-mode) ; which has the hook
  (require 'eglot)
  (call-interactively #'eglot))
(let ((diagnostic (until-found "CT002")))
  (goto-char (flymake-diagnostic-beg diagnostic))
  (message "found CT002 at %d:%d" (line-number-at-pos) (1+ (current-column))))

(goto-char (point-min))
(re-search-forward "aws_cloudtrail\\|Trail\\>")
(goto-char (match-beginning 0))
(let (shown)
  (eglot-hover-eldoc-function (lambda (text &rest _) (setq shown text)))
  (wait "hover" (lambda () shown))
  (message "hover: %s" (car (split-string (substring-no-properties shown) "\n" t))))

(let ((end (goto-char (point-max))))
  (insert "{ [\n")
  (until-found "[syntax]")
  (message "half typed: %d" (length (found "CT002")))
  (delete-region end (point-max))
  (until-gone "[syntax]"))

(goto-char (flymake-diagnostic-beg (until-found "CT002")))
(cl-letf (((symbol-function 'completing-read)
           (lambda (_prompt _choices &optional _ _ _ _ default &rest _) (message "applied: %s" default) default))
          (last-nonmenu-event t)) ; chosen with the keyboard
  (call-interactively #'eglot-code-actions))
(until-gone "CT002")
(message "cleared: %s" (string-trim (thing-at-point 'line t)))
(set-buffer-modified-p nil)
(kill-buffer)
(kill-emacs 0)
