variable "all_regions" {
  default = false
}

resource "aws_cloudtrail" "audit" {
  is_multi_region_trail      = var.all_regions
  name                       = "audit"
  s3_bucket_name             = "example-audit-logs"
  enable_log_file_validation = true
}
