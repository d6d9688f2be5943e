"""Services elsewhere: how they are asked, how long for, and what becomes of what they answer."""
