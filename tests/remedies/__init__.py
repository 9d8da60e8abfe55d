"""What Askdesk does about each fault, and the test that fails when it does not."""
