"""CloudFormation templates to the model."""
